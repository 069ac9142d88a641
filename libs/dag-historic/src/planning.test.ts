import { Coverage, Interval, RangeSet } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cover, type Horizon, horizonOf, missingOf, windowsOf } from "./planning.ts";

const DAY = 86_400_000;
const IST = "Asia/Kolkata";
const info = { timeZone: IST, earliest: { minute: "2015-01-01" } } as const;
const defaults = {
  interval: "day",
  from: undefined,
  to: undefined,
  bootstrapDate: "1995-01-01",
  settle: 2 * 3_600_000,
} as const;
const at = (text: string) => Date.parse(text);

const instant = fc.integer({ min: at("2000-01-01T00:00:00Z"), max: at("2030-01-01T00:00:00Z") });
const horizons: fc.Arbitrary<Horizon> = fc.record({
  now: instant,
  back: fc.integer({ min: 1, max: 4_000 }),
  open: fc.integer({ min: 60_000, max: 2 * DAY }),
  refresh: fc.constantFrom(60_000, 3_600_000),
}).map(({ now, back, open, refresh }) => ({
  now,
  settled: now - open,
  from: now - back * DAY,
  to: now,
  refresh,
}));

/** Final coverage that some run at or before the horizon could have left. */
const coveredBefore = (horizon: Horizon) =>
  fc.array(
    fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 1, max: 400 })).map(([ago, length]) => ({
      from: horizon.settled - ago * DAY,
      to: Math.min(horizon.settled, horizon.settled - ago * DAY + length * DAY),
    })),
    { maxLength: 8 },
  ).map((ranges): Coverage.Covered => ({ final: RangeSet.fromRanges(ranges) }));

const cases = horizons.chain((horizon) => fc.tuple(fc.constant(horizon), coveredBefore(horizon)));

describe("what a run asks for", () => {
  it("001-P3: Date range calculation begins after what is there, and with the bootstrap date when nothing is", () => {
    fc.assert(fc.property(horizons, fc.integer({ min: 0, max: 3_999 }), (horizon, days) => {
      const last = Math.min(horizon.settled, horizon.from + days * DAY);
      const covered: Coverage.Covered = { final: RangeSet.of(horizon.from, last) };
      const missing = missingOf(horizon, covered, undefined);
      const first = missing[0]?.from;
      if (horizon.from < horizon.to) {
        expect(first).toBe(last > horizon.from ? Math.max(last, horizon.from) : horizon.from);
        expect(missingOf(horizon, Coverage.nothing, undefined)[0]!.from).toBe(horizon.from);
      }
    }));
    expect(horizonOf(defaults, info, at("2026-11-20T12:00:00Z")).from).toBe(at("1995-01-01T00:00:00+05:30"));
    expect(horizonOf({ ...defaults, interval: "minute" }, info, at("2026-11-20T12:00:00Z")).from)
      .toBe(at("2015-01-01T00:00:00+05:30"));
  });

  it("001-P4: To-date is always current date, unless the user names an earlier one", () => {
    fc.assert(fc.property(instant, (now) => {
      const horizon = horizonOf(defaults, info, now);
      expect(horizon.to).toBe(now);
      const missing = missingOf(horizon, Coverage.nothing, undefined);
      expect(missing[missing.length - 1]!.to).toBe(now);
      expect(horizonOf({ ...defaults, to: "2001-02-03" }, info, now).to)
        .toBe(Math.min(now, at("2001-02-04T00:00:00+05:30")));
      expect(horizonOf({ ...defaults, to: "2099-01-01" }, info, now).to).toBe(now);
    }));
  });

  it("001-P19: Date range chunking respects API limits", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 2_000 }), ([horizon, covered], days) => {
      const missing = missingOf(horizon, covered, undefined);
      const windows = windowsOf(missing, days * DAY);
      for (const window of windows) {
        expect(window.to - window.from).toBeGreaterThan(0);
        expect(window.to - window.from).toBeLessThanOrEqual(days * DAY);
      }
      expect(RangeSet.fromRanges(windows)).toEqual(missing);
    }));
  });

  it("asks for all that is asked for and not covered, and for nothing that is covered", () => {
    fc.assert(fc.property(cases, ([horizon, covered]) => {
      const missing = missingOf(horizon, covered, undefined);
      const asked = RangeSet.of(horizon.from, horizon.to);
      expect(RangeSet.intersection(missing, covered.final)).toEqual([]);
      expect(RangeSet.covers(RangeSet.union(missing, covered.final), asked)).toBe(true);
      expect(RangeSet.covers(asked, missing)).toBe(true);
    }));
  });

  it("never asks again for a range once fetched, and has nothing to do right after", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 900 }), ([horizon, covered], days) => {
      let state = covered;
      const asked: Array<RangeSet.Range> = [];
      for (const window of windowsOf(missingOf(horizon, covered, undefined), days * DAY)) {
        asked.push(window);
        state = cover(state, window, horizon);
      }
      expect(missingOf(horizon, state, undefined)).toEqual([]);
      const later = {
        ...horizon,
        now: horizon.now + horizon.refresh - 1,
        to: horizon.now + horizon.refresh - 1,
      };
      expect(missingOf(later, state, undefined)).toEqual([]);
      const nextDay = {
        ...later,
        now: horizon.now + DAY,
        to: horizon.now + DAY,
        settled: horizon.settled + DAY,
      };
      const again = missingOf(nextDay, state, undefined);
      const finalAsked = RangeSet.intersection(asked, RangeSet.of(0, horizon.settled));
      expect(RangeSet.intersection(again, finalAsked)).toEqual([]);
      expect(RangeSet.covers(again, RangeSet.of(Math.max(horizon.from, horizon.settled), nextDay.to))).toBe(
        true,
      );
    }));
  });

  it("resumes after any prefix of the work with exactly the rest", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 900 }), fc.nat(20), ([horizon, covered], days, done) => {
        const windows = windowsOf(missingOf(horizon, covered, undefined), days * DAY);
        const prefix = windows.slice(0, done);
        const state = prefix.reduce((now, window) => cover(now, window, horizon), covered);
        expect(RangeSet.fromRanges(missingOf(horizon, state, undefined)))
          .toEqual(
            RangeSet.difference(RangeSet.fromRanges(windows.slice(done)), RangeSet.fromRanges(prefix)),
          );
      }),
    );
  });

  it("looks at an open day again when the last look is stale", () => {
    const now = at("2026-11-20T06:00:00Z");
    const horizon = horizonOf(defaults, info, now);
    const midnight = at("2026-11-20T00:00:00+05:30");
    const looked = (fetchedAt: number): Coverage.Covered => ({
      final: RangeSet.of(horizon.from, midnight),
      open: { from: midnight, to: fetchedAt, fetchedAt },
    });
    expect(missingOf(horizon, looked(now - 60_000), undefined)).toEqual([]);
    expect(missingOf(horizon, looked(now - 3_600_000), undefined)).toEqual([{ from: midnight, to: now }]);
  });

  it("counts a day as final only when the vendor has had time to settle it", () => {
    const final = (now: string) => new Date(horizonOf(defaults, info, at(now)).settled).toISOString();
    expect(final("2026-11-20T23:59:00+05:30")).toBe("2026-11-19T18:30:00.000Z");
    expect(final("2026-11-21T01:59:00+05:30")).toBe("2026-11-19T18:30:00.000Z");
    expect(final("2026-11-21T02:00:00+05:30")).toBe("2026-11-20T18:30:00.000Z");
  });

  it("asks for nothing after the day of expiry", () => {
    fc.assert(fc.property(horizons, fc.integer({ min: -100, max: 5_000 }), (horizon, days) => {
      const end = horizon.from + days * DAY;
      const missing = missingOf(horizon, Coverage.nothing, end);
      expect(missing.every((range) => range.to <= end)).toBe(true);
    }));
  });

  it("keeps two looks at one open day apart by at most an hour, less for short candles", () => {
    for (const interval of Interval.intervals) {
      expect(horizonOf({ ...defaults, interval }, info, 0).refresh).toBe(
        Math.min(Interval.millis(interval), 3_600_000),
      );
    }
  });
});
