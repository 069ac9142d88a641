import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  civil,
  dayOf,
  epochMillis,
  formatDay,
  formatLocal,
  localSeconds,
  parseDay,
  weekday,
} from "./time.ts";

describe("time", () => {
  it("agrees with the Gregorian calendar of the platform", () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 40_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        expect(civil(day)).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          date: date.getUTCDate(),
        });
        expect(weekday(day)).toBe(date.getUTCDay());
        expect(parseDay(formatDay(day))).toBe(day);
      }),
      { numRuns: 500 },
    );
  });

  it("is India's, whatever the process's time zone", () => {
    expect(formatLocal(localSeconds(Date.UTC(2026, 10, 20, 18, 30)))).toBe("2026-11-21 00:00:00");
    expect(epochMillis(localSeconds(Date.UTC(2026, 10, 20, 3, 45)))).toBe(Date.UTC(2026, 10, 20, 3, 45));
  });

  it("knows which dates exist", () => {
    expect(parseDay("2024-02-29")).toBe(dayOf(2024, 2, 29));
    expect(parseDay("2023-02-29")).toBeUndefined();
    expect(parseDay("2023-2-9")).toBeUndefined();
  });
});
