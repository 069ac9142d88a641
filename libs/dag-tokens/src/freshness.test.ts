import { MarketTime } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockText, isCurrent, latestReady } from "./freshness.ts";
import { DAY, HOUR, india } from "./testing/setting.ts";

const india0830 = { timeZone: "Asia/Kolkata", dump: { holds: "all" as const, readyAt: "08:30" } };

const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
const markets = fc.record({
  timeZone: fc.constantFrom("Asia/Kolkata", "America/New_York", "Europe/London", "Pacific/Auckland", "UTC"),
  dump: fc.record({
    holds: fc.constant("all" as const),
    readyAt: fc.tuple(fc.nat(23), fc.nat(59)).map((parts) =>
      parts.map((part) => String(part).padStart(2, "0")).join(":")
    ),
  }),
});

/** A clock may be set forward or back by an hour in between. */
const LONGEST_DAY = DAY + HOUR;

describe("freshness", () => {
  it.each([
    ["2026-11-20", "08:29", "2026-11-19", "before it is ready, yesterday's counts"],
    ["2026-11-20", "08:30", "2026-11-20", "from then on today's"],
    ["2026-11-20", "23:59", "2026-11-20", "all day"],
    ["2026-11-22", "09:00", "2026-11-22", "also on a Sunday, when the market is closed"],
    ["2026-11-21", "00:10", "2026-11-20", "the day is the vendor's, not UTC's"],
  ])("at %s %s the latest dump is of %s: %s", (day, time, ready) => {
    expect(latestReady(india(day, time), india0830)).toBe(india(ready, "08:30"));
  });

  it("the latest moment is the last one before now, at its time of day in the vendor's zone", () => {
    fc.assert(
      fc.property(instants, markets, (now, market) => {
        const ready = latestReady(now, market);
        expect(ready).toBeLessThanOrEqual(now);
        expect(now - ready).toBeLessThan(LONGEST_DAY);
        const day = MarketTime.dayOf(ready, market.timeZone);
        // Where the clock jumps over that time of day, the moment is an hour later.
        expect(
          [`${day} ${market.dump.readyAt}`, clockText(ready - HOUR, market)].some((text) =>
            [clockText(ready, market), `${day} ${market.dump.readyAt}`].includes(text)
          ),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("a dump fetched now is current, and stays so until the next is ready", () => {
    fc.assert(
      fc.property(instants, markets, fc.nat(3 * DAY), (now, market, later) => {
        expect(isCurrent(now, now, market)).toBe(true);
        expect(isCurrent(latestReady(now, market), now, market)).toBe(true);
        expect(isCurrent(latestReady(now, market) - 1, now, market)).toBe(false);
        expect(isCurrent(now, now + later, market)).toBe(latestReady(now + later, market) <= now);
        expect(isCurrent(now, now + LONGEST_DAY, market)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("a dump that is current is so at any earlier look, and a later one all the more", () => {
    fc.assert(
      fc.property(instants, markets, fc.nat(2 * DAY), fc.nat(DAY), (fetched, market, wait, more) => {
        const now = fetched + wait;
        if (isCurrent(fetched, now, market)) {
          expect(isCurrent(fetched + Math.min(more, wait), now, market)).toBe(true);
          expect(isCurrent(fetched, Math.max(fetched, now - more), market)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
