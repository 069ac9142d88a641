import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Interval, Time } from "@candlewick/pretend-exchange";
import { DAYS_PER_REQUEST } from "./days-per-request.ts";
import { parseHistoricalQuery } from "./historical-query.ts";

const parse = (token: string, interval: string, parameters: Record<string, string>) =>
  parseHistoricalQuery(token, interval, new URLSearchParams(parameters));

const messageOf = (...args: Parameters<typeof parse>): string => {
  const parsed = parse(...args);
  return "status" in parsed ? JSON.parse(new TextDecoder().decode(parsed.body)).message : "";
};

describe("a historical request", () => {
  it("reads dates and times as IST and flags as 0 or 1", () => {
    expect(
      parse("408065", "minute", { from: "2024-01-01 09:15:00", to: "2024-01-02", oi: "1", continuous: "0" }),
    ).toEqual({
      instrumentToken: 408065,
      interval: "minute",
      from: Time.dayOf(2024, 1, 1) * Time.DAY_SECONDS + 33_300,
      to: Time.dayOf(2024, 1, 2) * Time.DAY_SECONDS + 86_399,
      continuous: false,
      oi: true,
    });
  });

  it.each([
    ["abc", "day", "2024-01-01", "2024-01-02", "invalid token"],
    ["1", "2minute", "2024-01-01", "2024-01-02", "invalid interval"],
    ["1", "toString", "2024-01-01", "2024-01-02", "invalid interval"],
    ["1", "day", "01-01-2024", "2024-01-02", "invalid from date"],
    ["1", "day", "2024-02-30", "2024-03-02", "invalid from date"],
    ["1", "day", "2024-01-01", "2024-01-02 24:00:00", "invalid to date"],
    ["1", "day", "2024-01-01", "2024-01-02T09:15:00", "invalid to date"],
    ["1", "day", "2024-01-03", "2024-01-02", "from date cannot be after to date"],
  ])("of %s %s from %s to %s is refused: %s", (token, interval, from, to, message) => {
    expect(messageOf(token, interval, { from, to })).toBe(message);
  });

  it("without its dates is refused", () => {
    expect(messageOf("1", "day", {})).toBe("invalid from date");
  });

  it("spans at most the days of its interval, to the second", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(DAYS_PER_REQUEST) as ReadonlyArray<Interval>),
        fc.integer({ min: Time.dayOf(1995, 1, 1), max: Time.dayOf(2026, 1, 1) }),
        fc.nat(Time.DAY_SECONDS - 1),
        fc.integer({ min: -3, max: 3 }),
        (interval, day, second, beyond) => {
          const limit = DAYS_PER_REQUEST[interval];
          const from = day * Time.DAY_SECONDS + second;
          const to = from + limit * Time.DAY_SECONDS + beyond;
          const message = messageOf("1", interval, {
            from: Time.formatLocal(from),
            to: Time.formatLocal(to),
          });
          expect(message).toBe(beyond > 0 ? `interval exceeds max limit: ${limit} days` : "");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("allows as many whole days as the vendor names, written as dates", () => {
    const from = Time.dayOf(2020, 1, 1);
    const ask = (days: number) =>
      messageOf("1", "day", { from: Time.formatDay(from), to: Time.formatDay(from + days - 1) });
    expect(ask(2000)).toBe("");
    expect(ask(2001)).toBe("interval exceeds max limit: 2000 days");
  });
});
