import type { Candle, CandleRow } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factorsOf, simplest } from "./factor.ts";
import { isOfAnother, judge, type Judgement, type Pair } from "./judgement.ts";

const DAY = 86_400_000;

/** Prices in paise, so that arithmetic in the tests is exact. */
interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const text = (paise: number) => (paise / 100).toFixed(2);

const stored = (bar: Bar, day: number): CandleRow => ({
  instrument_id: 1,
  interval: "day",
  ts: day * DAY,
  open: text(bar.open),
  high: text(bar.high),
  low: text(bar.low),
  close: text(bar.close),
  volume: bar.volume,
  oi: null,
  is_final: true,
  fetched_at: 0,
});

const answered = (bar: Bar, day: number): Candle.Candle => {
  const { fetched_at: _f, instrument_id: _i, interval: _n, is_final: _o, ...candle } = stored(bar, day);
  return candle;
};

const pairs = (before: ReadonlyArray<Bar>, after: ReadonlyArray<Bar>): ReadonlyArray<Pair> =>
  before.map((bar, day) => ({ stored: stored(bar, day), answered: answered(after[day]!, day) }));

/** What a vendor makes of a bar: prices multiplied and rounded to paise, volume divided. */
const scaled = (factor: number) => (bar: Bar): Bar => ({
  open: Math.round(bar.open * factor),
  high: Math.round(bar.high * factor),
  low: Math.round(bar.low * factor),
  close: Math.round(bar.close * factor),
  volume: Math.round(bar.volume / factor),
});

/** A day that moved: its four prices are not one. */
const bar: fc.Arbitrary<Bar> = fc.record({
  low: fc.integer({ min: 5_000, max: 500_000 }),
  move: fc.integer({ min: 200, max: 40_000 }),
  at: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  volume: fc.integer({ min: 1, max: 1_000_000_000 }),
}).map(({ at, low, move, volume }) => ({
  low,
  high: low + move,
  open: low + Math.round(move * at[0]),
  close: low + Math.round(move * at[1]),
  volume,
}));

const bars = (minLength: number) => fc.array(bar, { minLength, maxLength: 25 });

/** Ratios of splits, bonuses and rights; an adjustment of less than 2 in 100 does not happen. */
const ratio = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([to, from]) => to / from).filter((factor) => Math.abs(factor - 1) >= 0.02);
const adjustment = fc.oneof(ratio, fc.double({ min: 0.3, max: 0.98, noNaN: true }));

const changedBar = (from: Bar) =>
  fc.record({
    field: fc.constantFrom("open", "high", "low", "close", "volume"),
    by: fc.integer({ min: 1, max: 900 }),
  }).map(({ by, field }): Bar => ({ ...from, [field]: from[field as keyof Bar] + by }));

describe("a vendor's answer beside stored candles", () => {
  it("is the same when every candle is, however its prices are written", () => {
    fc.assert(fc.property(bars(1), fc.boolean(), (some, isAll) => {
      expect(judge(pairs(some, some), isAll)).toEqual({ _tag: "Same" });
      const shorter = pairs(some, some).map(({ answered, stored }) => ({
        stored,
        answered: { ...answered, open: String(Number(answered.open)) },
      }));
      expect(judge(shorter, isAll)).toEqual({ _tag: "Same" });
    }));
  });

  it("a split, a bonus, a late adjustment: restated, with its factor, before its ex-date", () => {
    fc.assert(fc.property(bars(2), adjustment, fc.nat(), fc.boolean(), (some, factor, at, isAll) => {
      const exDate = 2 + at % (some.length - 1);
      const now = some.map((one, day) => day < exDate ? scaled(factor)(one) : one);
      const judged = judge(pairs(some, now), isAll);
      expect(judged).toMatchObject({ _tag: "Restated" });
      if (judged._tag !== "Restated") return;
      expect(judged.before).toBe(exDate < some.length ? exDate * DAY : (some.length - 1) * DAY + 1);
      expect(Math.abs(Number(judged.factor) - factor) / factor).toBeLessThan(0.01);
    }));
  });

  it("two events at once: restated, by no single factor", () => {
    fc.assert(fc.property(bars(6), (some) => {
      const now = some.map((one, day) => day < 2 ? scaled(0.1)(one) : day < 4 ? scaled(0.5)(one) : one);
      expect(judge(pairs(some, now), false)).toEqual({ _tag: "Restated", before: 4 * DAY, factor: null });
    }));
  });

  it("a late correction of one day: never taken for a split, whichever day it is", () => {
    const cases = bars(2).chain((some) =>
      fc.nat({ max: some.length - 1 }).chain((at) =>
        fc.tuple(fc.constant(some), fc.constant(at), changedBar(some[at]!))
      )
    );
    fc.assert(fc.property(cases, ([some, at, changed]) => {
      const now = some.with(at, changed);
      const all = pairs(some, now);
      const corrected: Judgement = { _tag: "Corrected", changed: [all[at]!] };
      expect(judge(all, true)).toEqual(corrected);
      const first = judge(all, false);
      expect(first._tag === "Uncertain" ? corrected : first).toEqual(corrected);
    }));
  });

  it("a correction of the oldest day in sight that looks like a split: older candles tell", () => {
    fc.assert(fc.property(bars(2), bars(1), adjustment, (some, older, factor) => {
      const now = some.with(0, scaled(factor)(some[0]!));
      expect(judge(pairs(some, now), false)).toEqual({ _tag: "Uncertain" });
      expect(judge(pairs([...older, ...some], [...older, ...now]), true)._tag).toBe("Corrected");
      const restated = judge(pairs([...older, ...some], [...older.map(scaled(factor)), ...now]), true);
      expect(restated._tag).toBe("Restated");
    }));
  });

  it("another instrument's candles: doubtful, neither correction nor restatement", () => {
    fc.assert(fc.property(bars(3), bars(3), (some, others) => {
      const length = Math.min(some.length, others.length);
      const stranger = others.slice(0, length).map((one, day): Bar => ({
        // Opens at its low where the other opens at its high: no factor explains both.
        ...one,
        low: one.low + day,
        open: some[day]!.open * 2 < some[day]!.low + some[day]!.high ? one.high : one.low + day,
      }));
      const all = pairs(some.slice(0, length), stranger)
        .filter(({ answered, stored }) =>
          answered.open !== stored.open && answered.high !== stored.high && answered.low !== stored.low &&
          answered.close !== stored.close
        );
      fc.pre(all.length >= 2);
      for (const isAll of [true, false]) {
        const judged = judge(all, isAll);
        if (judged._tag !== "Doubtful") {
          // By chance all of them may be proportional; then factors agree with each pair.
          for (const { answered, stored } of all) {
            const { greatest, least } = factorsOf(stored, answered);
            expect(least).toBeLessThanOrEqual(greatest);
          }
        }
      }
    }));
  });

  it("most days changed and no adjustment explains it: doubtful", () => {
    const some: ReadonlyArray<Bar> = [1, 2, 3, 4, 5].map((n) => ({
      open: n * 10_000,
      high: n * 10_000 + 500,
      low: n * 10_000 - 500,
      close: n * 10_000 + 100,
      volume: 10,
    }));
    const now = some.map((one, day) =>
      day === 0 ? one : { ...one, close: one.close + 300, open: one.open - 200 }
    );
    expect(judge(pairs(some, now), true)).toEqual({ _tag: "Doubtful" });
  });

  it("a single stored candle that changed: older ones are wanted, and without any it is a correction", () => {
    fc.assert(fc.property(bar, adjustment, (one, factor) => {
      const all = pairs([one], [scaled(factor)(one)]);
      expect(judge(all, false)).toEqual({ _tag: "Uncertain" });
      expect(judge(all, true)).toEqual({ _tag: "Corrected", changed: all });
    }));
  });
});

describe("candles of a history that is fetched afresh", () => {
  it("are its own after any adjustments, and with a few days corrected beside", () => {
    fc.assert(fc.property(bars(5), adjustment, adjustment, fc.nat(), (some, first, second, at) => {
      const now = some.map((one, day) =>
        day < at % some.length ? scaled(first)(scaled(second)(one)) : scaled(first)(one)
      );
      expect(isOfAnother(pairs(some, now))).toBe(false);
      expect(isOfAnother(pairs(some, now.with(0, { ...now[0]!, close: now[0]!.close + 5_000 })))).toBe(false);
    }));
  });

  it("are another instrument's where the shapes of most days are", () => {
    fc.assert(fc.property(bars(3), (some) => {
      const turned = some.map(({ close, high, low, open, volume }): Bar => ({
        open: high + low - open + 100,
        high: high + 200,
        low: Math.max(100, low - 900),
        close: high + low - close,
        volume,
      }));
      expect(isOfAnother(pairs(some, turned))).toBe(true);
    }));
  });
});

describe("the factor of an adjustment", () => {
  it("is named by its simplest ratio", () => {
    fc.assert(fc.property(ratio, (factor) => {
      const slack = factor * 1e-5;
      expect(Number(simplest({ least: factor - slack, greatest: factor + slack }))).toBeCloseTo(factor, 5);
    }));
    expect(simplest({ least: 0.4999, greatest: 0.5002 })).toBe("0.5");
    expect(simplest({ least: 0.8332, greatest: 0.8335 })).toBe("0.833333");
    expect(simplest({ least: 9.99, greatest: 10.01 })).toBe("10");
    expect(simplest({ least: 0.123_456_6, greatest: 0.123_456_8 })).toBe("0.123457");
  });
});
