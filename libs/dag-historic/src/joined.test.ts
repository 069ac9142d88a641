import { type Candle, Coverage, PluginError, RangeSet, type Source } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agreementOf } from "./joined.ts";
import { joinOf, slackOf, windowsOf } from "./planning.ts";
import { daysAgo, from } from "./testing/calendar.ts";
import {
  candle,
  candles,
  coverage,
  DAY,
  manyRuns,
  onTestClock,
  row,
  setting,
  TODAY,
} from "./testing/setting.ts";

const spans = fc.integer({ min: 1, max: 2_000 }).map((days) => days * DAY);
const ranges = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 12_000 * DAY }))
  .map(([start, length]) => ({ from: start, to: start + length }));

describe("the windows of a range", () => {
  it("are the range, none longer than a request may span, each reaching into the one before", () => {
    fc.assert(fc.property(ranges, spans, (range, span) => {
      const windows = windowsOf([range], span);
      expect(RangeSet.fromRanges(windows)).toEqual([range]);
      for (const [index, window] of windows.entries()) {
        expect(window.to - window.from).toBeLessThanOrEqual(span);
        if (index > 0) expect(windows[index - 1]!.to - window.from).toBe(joinOf(span));
      }
    }));
  });

  it("are as many when the range grows by its slack, and one more beyond it", () => {
    fc.assert(fc.property(ranges, spans, (range, span) => {
      const slack = slackOf(range, span);
      const grown = (by: number) => windowsOf([{ from: range.from - by, to: range.to }], span).length;
      expect(slack).toBeGreaterThanOrEqual(0);
      expect(grown(slack)).toBe(grown(0));
      expect(grown(slack + 1)).toBe(grown(0) + 1);
    }));
  });
});

describe("two answers where their windows meet", () => {
  const series = (days: ReadonlyArray<number>, price = 100): ReadonlyArray<Candle.Candle> =>
    days.map((day) => candle(day * DAY, price + day % 7));
  const zone = { from: 0, to: 7 * DAY };
  const agreement = (
    former: ReadonlyArray<Candle.Candle>,
    latter: ReadonlyArray<Candle.Candle>,
    settled = Infinity,
  ) => agreementOf(former, latter, zone, settled);

  it("agree, lack candles, differ, or show a history restated in between", () => {
    expect(agreement(series([-3, 0, 1, 2]), series([0, 1, 2, 9]))).toBe("same");
    expect(agreement([], [])).toBe("same");
    expect(agreement([], series([1]))).toBe("former lacks");
    expect(agreement(series([1, 2]), series([8]))).toBe("latter lacks");
    expect(agreement(series([1, 2, 3]), series([1, 2, 3], 170))).toBe("different");
    expect(agreement(
      series([1, 2, 3], 100),
      series([1, 2, 3], 100).map((one) => ({
        ...one,
        open: `${Number(one.open) / 2}`,
        high: `${Number(one.high) / 2}`,
        low: `${Number(one.low) / 2}`,
        close: `${Number(one.close) / 2}`,
      })),
    )).toMatchObject({ _tag: "Restated", factor: "0.5" });
    // What is not settled may differ.
    expect(agreement(series([1, 2]), series([1, 3]), 2 * DAY)).toBe("same");
  });
});

/** A market with a candle for each day since it was listed, 30 days a request. */
const info = { daysPerRequest: { day: 30 } };
const priceOf = (ts: number) => 500 + (ts / DAY) % 97;
const truth = (listed: number) => (request: Source.CandleRequest): Candle.CandleBatch => {
  const found: Array<Candle.Candle> = [];
  for (let ts = Math.max(listed, daysAgo(400)); ts < request.to && ts <= TODAY; ts += DAY) {
    if (ts >= request.from) found.push(candle(ts, priceOf(ts)));
  }
  return { candles: found, rejected: [] };
};

/** What a wrong answer makes of the right one. */
const wrongs = {
  empty: (): Candle.CandleBatch => ({ candles: [], rejected: [] }),
  "of another instrument": (right: Candle.CandleBatch): Candle.CandleBatch => ({
    candles: right.candles.map(({ ts }) => candle(ts, 3_000 - 2 * priceOf(ts))),
    rejected: [],
  }),
};

describe("an answer that contradicts its neighbours", () => {
  const cases = fc.record({
    listed: fc.integer({ min: 40, max: 99 }).map(daysAgo),
    wrong: fc.constantFrom("empty", "of another instrument"),
    calls: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 2 }),
  });

  it("on a first load: what is stored is true, what is covered is stored, and the next healthy run completes it", () =>
    manyRuns(cases, ({ calls, listed, wrong }) =>
      Effect.gen(function* () {
        const at = yield* setting([row(1, "AAA")]);
        let call = 0;
        const faulty: PretendMarket = {
          info,
          candles: (request) =>
            Effect.sync(() => {
              const right = truth(listed)(request);
              return calls.includes(call++) ? wrongs[wrong as keyof typeof wrongs](right) : right;
            }),
        };
        yield* at.runWell(faulty, { from });
        const expected =
          truth(listed)({ from: daysAgo(100), to: TODAY + DAY } as Source.CandleRequest).candles;
        const check = (isComplete: boolean) => {
          const stored = at.sink.rows(candles);
          const covered = at.sink.rows(coverage).reduce(Coverage.withRow, Coverage.nothing);
          const ranges = RangeSet.union(
            covered.final,
            covered.open === undefined ? [] : RangeSet.of(covered.open.from, covered.open.to),
          );
          const claimed = expected.filter(({ ts }) => isComplete || RangeSet.contains(ranges, ts));
          expect(stored.map(({ close, ts }) => [ts, close])).toEqual(
            claimed.map(({ close, ts }) => [ts, close]),
          );
        };
        // Two wrong answers side by side agree with each other; one alone never passes.
        const isAlone = calls.length === 1;
        if (isAlone) check(false);
        yield* at.runWell({ info, candles: (request) => Effect.succeed(truth(listed)(request)) }, { from });
        if (isAlone) check(true);
      })));

  it("an empty series is believed when the vendor says so twice", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      let call = 0;
      const once = yield* at.runWell({
        info,
        candles: (request) => Effect.sync(() => call++ < 4 ? wrongs.empty() : truth(daysAgo(300))(request)),
      }, { from });
      expect(once.summary.outcome).toBe("done");
      expect(at.sink.rows(candles).length).toBe(101);
      const never = yield* setting([row(1, "AAA")]);
      const { asked } = yield* never.runWell({ info }, { from });
      expect(asked.length).toBe(windowsOf([{ from: daysAgo(100), to: TODAY }], 30 * DAY).length + 1);
      expect((yield* never.runWell({ info }, { from })).asked).toEqual([]);
    })));

  it("a split while the series is fetched: fetched afresh, so that no part of it is of before", () =>
    manyRuns(fc.integer({ min: 1, max: 3 }), (splitAt) =>
      Effect.gen(function* () {
        const at = yield* setting([row(1, "AAA")]);
        let call = 0;
        const halved = (batch: Candle.CandleBatch): Candle.CandleBatch => ({
          ...batch,
          candles: batch.candles.map((one) => ({
            ...one,
            open: (Number(one.open) / 2).toFixed(2),
            high: (Number(one.high) / 2).toFixed(2),
            low: (Number(one.low) / 2).toFixed(2),
            close: (Number(one.close) / 2).toFixed(2),
          })),
        });
        const { summary } = yield* at.runWell({
          info,
          candles: (request) =>
            Effect.sync(() => {
              const now = truth(daysAgo(300))(request);
              return call++ < splitAt ? now : halved(now);
            }),
        }, { from });
        expect(summary.counts["restated"]).toBe(1);
        for (const { close, ts } of at.sink.rows(candles)) {
          expect(Number(close)).toBeCloseTo(priceOf(ts) / 2, 1);
        }
        expect(at.sink.rows(candles).length).toBe(101);
      })));

  it("wrong in the first window alone: it is asked for again, and the series is whole", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      let call = 0;
      const { summary } = yield* at.runWell({
        info,
        candles: (request) =>
          Effect.sync(() => {
            const right = truth(daysAgo(300))(request);
            return call++ === 0 ? wrongs["of another instrument"](right) : right;
          }),
      }, { from });
      expect(summary.outcome).toBe("done");
      expect(at.sink.rows(candles).map(({ close }) => Number(close))).toEqual(
        at.sink.rows(candles).map(({ ts }) => Number(priceOf(ts).toFixed(2))),
      );
      expect(at.sink.rows(candles).length).toBe(101);
    })));

  it("for good: the series fails, and nothing that is in doubt is stored", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const oldest = daysAgo(100);
      const { summary } = yield* at.runWell({
        info,
        candles: (request) =>
          Effect.sync(() => {
            const right = truth(daysAgo(300))(request);
            return request.from === oldest ? wrongs["of another instrument"](right) : right;
          }),
      }, { from });
      expect(summary.failures).toMatchObject([{ reason: "Corrupt" satisfies PluginError.Reason["_tag"] }]);
      expect(summary.failures[0]!.message).toContain("neighbouring request");
      expect(at.sink.rows(candles)).toEqual([]);
      expect(at.sink.rows(coverage)).toEqual([]);
    })));
});
