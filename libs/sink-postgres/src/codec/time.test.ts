import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { toText } from "../columns.ts";
import { daysFromCivil, instantFromText } from "./time.ts";

describe("time", () => {
  it("counts days as JavaScript does", () => {
    fc.assert(fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      expect(daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(days);
    }));
  });

  it("reads instants as PostgreSQL prints them", () => {
    expect(instantFromText("2024-01-31 09:15:00+00")).toBe(Date.UTC(2024, 0, 31, 9, 15));
    expect(instantFromText("2024-01-31 09:15:00.5+00")).toBe(Date.UTC(2024, 0, 31, 9, 15, 0, 500));
    expect(instantFromText("2024-01-31 09:15:00.120034+00")).toBe(Date.UTC(2024, 0, 31, 9, 15, 0, 120));
    expect(instantFromText("1969-12-31 23:59:59.999+00")).toBe(-1);
    expect(instantFromText("10000-01-01 00:00:00+00")).toBe(Date.UTC(10_000, 0, 1));
    expect(instantFromText("0001-01-01 00:00:00+00 BC")).toBe(Date.parse("0000-01-01T00:00:00Z"));
    expect(instantFromText("infinity")).toBe(Infinity);
    expect(instantFromText("-infinity")).toBe(-Infinity);
  });

  it("reads back what it writes for PostgreSQL, of any year", () => {
    fc.assert(fc.property(fc.integer({ min: -210_866_803_200_000, max: 8.64e15 }), (instant) => {
      const written = toText("timestamp", instant);
      expect(instantFromText(written.replace("T", " ").replace("Z", "+00"))).toBe(instant);
    }));
  });
});
