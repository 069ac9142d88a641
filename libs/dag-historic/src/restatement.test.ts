import {
  type Candle,
  candleFailures,
  candleRevisions,
  PluginError,
  RangeSet,
  restatedCandles,
  restatements,
  type Source,
} from "@candlewick/core";
import { pretendInfo, type PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  candles,
  coverage,
  DAY,
  failing,
  manyRuns,
  NOW,
  onTestClock,
  row,
  setting,
  TODAY,
} from "./testing/setting.ts";

/** The price of a day, in paise: it moves, so that each day's bar is its own. */
const priceOf = (ts: number): number => 100_000 + Math.round(20_000 * Math.sin(ts / DAY));

/** A market whose prices before `exDate` were multiplied, and with single days told otherwise. */
interface History {
  readonly listed: number;
  readonly factor?: number;
  readonly exDate?: number;
  readonly corrected?: ReadonlyMap<number, number>;
}

const candleOf = (history: History, ts: number): Candle.Candle => {
  const factor = history.exDate !== undefined && ts < history.exDate ? history.factor! : 1;
  const price = history.corrected?.get(ts) ?? priceOf(ts);
  const text = (paise: number) => (Math.round(paise * factor) / 100).toFixed(2);
  return {
    ts,
    open: text(price),
    high: text(price + 2_500),
    low: text(priceOf(ts) - 1_900),
    close: text(price + 300),
    volume: Math.round(1_000 / factor),
    oi: null,
  };
};

const telling = (history: History): PretendMarket => ({
  candles: (request: Source.CandleRequest) =>
    Effect.sync(() => {
      const found: Array<Candle.Candle> = [];
      const first = Math.max(history.listed, request.from);
      for (
        let ts = TODAY - Math.floor((TODAY - first) / DAY) * DAY;
        ts < request.to && ts <= NOW;
        ts += DAY
      ) {
        if (ts >= request.from) found.push(candleOf(history, ts));
      }
      return { candles: found, rejected: [] };
    }),
});

const daysAgo = (days: number): number => TODAY - days * DAY;
const dayText = (ts: number): string => new Date(ts + 6 * 3_600_000).toISOString().slice(0, 10);
const from = dayText(daysAgo(400));

/** What is stored must be this history, digit for digit. */
const expectHistory = (
  at: { readonly sink: { rows: (of: typeof candles) => ReadonlyArray<unknown> } },
  history: History,
) => {
  const stored = at.sink.rows(candles) as ReadonlyArray<Candle.Candle>;
  for (const one of stored) expect(one).toMatchObject({ ...candleOf(history, one.ts) });
  return stored.length;
};

const cases = fc.record({
  listed: fc.integer({ min: 6, max: 150 }).map(daysAgo),
  seen: fc.integer({ min: 2, max: 5 }),
  late: fc.integer({ min: 0, max: 20 }),
  factor: fc.constantFrom(0.5, 0.1, 2 / 3, 5 / 6, 0.85, 0.97, 2, 10),
});

describe("a history that the vendor restated", () => {
  it("is noticed by the next ordinary request, recorded with its factor, and replaced whole", () =>
    manyRuns(cases, ({ factor, late, listed, seen }) =>
      Effect.gen(function* () {
        const at = yield* setting([row(1, "AAA"), row(2, "BBB")]);
        const before: History = { listed };
        yield* at.runWell(telling(before), { from, to: dayText(daysAgo(seen)) });
        // The ex-date lies after what is stored, or some days back when the vendor was late.
        const exDate = Math.max(listed + 3 * DAY, daysAgo(seen) - (late - 1) * DAY);
        const after: History = { listed, factor, exDate };
        const { asked, summary } = yield* at.runWell(telling(after), { from });
        expect(summary.outcome).toBe("done");
        expectHistory(at, after);
        expect(at.sink.rows(restatements)).toMatchObject([1, 2].map((id) => ({
          source: "pretend",
          instrument_id: id,
          interval: "day",
          detected_at: NOW + 600_000,
          factor: String(Number(factor.toFixed(6))),
        })));
        expect(summary.counts).toMatchObject({ restated: 2, revised: 0 });
        expect(at.sink.rows(candleRevisions)).toEqual([]);
        // One request that noticed it, and one for the series afresh.
        expect(asked.length).toBe(4);
        const again = yield* at.runWell(telling(after), { from });
        expect(again.summary.outcome).toBe("nothing");
      })));

  it("is noticed when history is fetched backwards, before any of it is stored", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      yield* at.runWell(telling({ listed: daysAgo(9_000) }), {
        from: dayText(daysAgo(100)),
        to: dayText(daysAgo(5)),
      });
      const after: History = { listed: daysAgo(9_000), factor: 0.5, exDate: daysAgo(4) };
      const { summary } = yield* at.runWell(telling(after), {
        from: dayText(daysAgo(8_000)),
        to: dayText(daysAgo(5)),
      });
      expect(summary.counts["restated"]).toBe(1);
      expect(expectHistory(at, after)).toBe(7_996);
    })));

  it("leaves the old series while a part of the new one is missing, and tries again", () =>
    onTestClock(Effect.gen(function* () {
      const info = { daysPerRequest: { day: 100 } };
      const before: History = { listed: daysAgo(390) };
      const after: History = { ...before, factor: 0.5, exDate: daysAgo(1) };
      // One request notices it, five fetch it afresh.
      for (const works of [0, 1, 2, 3, 4, 5, 6]) {
        const at = yield* setting([row(1, "AAA")]);
        yield* at.runWell({ ...telling(before), info }, { from, to: dayText(daysAgo(3)) });
        const old = at.sink.contents();
        let answered = 0;
        const { summary } = yield* at.runWell({
          info,
          candles: (request) =>
            answered++ < works
              ? telling(after).candles!(request)
              : Effect.fail(failing(new PluginError.Unavailable({ message: "away" }))),
        }, { from, retryAttempts: 1 });
        if (works < 6) {
          expect(summary.outcome).toBe("failed");
          expect(at.sink.contents()[candles.name]).toEqual(old[candles.name]);
          expect(at.sink.contents()[coverage.name]).toEqual(old[coverage.name]);
          expect(at.sink.rows(restatements)).toEqual([]);
          expect(at.sink.rows(candleFailures)).toMatchObject([{ reason: "Unavailable", tries: 1 }]);
          const mended = yield* at.runWell({ ...telling(after), info }, { from });
          expect(mended.summary.outcome).toBe("done");
        }
        expect(expectHistory(at, after)).toBe(391);
        expect(at.sink.rows(restatements).length).toBe(1);
        expect(at.sink.rows(candleFailures)).toEqual([]);
        expect(at.sink.rows(restatedCandles(pretendInfo))).toEqual([]);
      }
    })));

  it("is replaced in one step: whoever reads in between sees the old series or the new one", () =>
    onTestClock(Effect.gen(function* () {
      const before: History = { listed: daysAgo(300) };
      const after: History = { ...before, factor: 0.2, exDate: daysAgo(1) };
      const seen: Array<"old" | "new"> = [];
      let isWatched = false;
      const at: Effect.Success<ReturnType<typeof setting>> = yield* setting([row(1, "AAA")], {
        batchRows: 7,
        before: () =>
          Effect.sync(() => {
            if (!isWatched) return;
            const rows = at.sink.rows(candles);
            const isOf = (history: History) =>
              rows.every((one) => one.close === candleOf(history, one.ts).close);
            expect(isOf(before) || isOf(after)).toBe(true);
            seen.push(isOf(before) ? "old" : "new");
          }),
      });
      yield* at.runWell(telling(before), { from, to: dayText(daysAgo(2)) });
      isWatched = true;
      yield* at.runWell(telling(after), { from });
      yield* at.runWell(telling(after), { from });
      expect(new Set(seen)).toEqual(new Set(["old", "new"]));
      expect(seen).toEqual([...seen].sort().reverse());
    })));

  it("is not believed when the new series lacks what is stored", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const before: History = { listed: daysAgo(300) };
      yield* at.runWell(telling(before), { from, to: dayText(daysAgo(2)) });
      const stored = at.sink.rows(candles);
      const after: History = { ...before, factor: 0.5, exDate: daysAgo(1) };
      const { summary } = yield* at.runWell({
        candles: (request) =>
          Effect.map(telling(after).candles!(request), (batch) => ({
            ...batch,
            candles: batch.candles.filter(({ ts }) => ts > daysAgo(40)),
          })),
      }, { from });
      expect(summary.failures).toMatchObject([{ reason: "Corrupt" }]);
      expect(summary.failures[0]!.message).toContain("lacks");
      expect(at.sink.rows(candles)).toEqual(stored);
      // Asked for by the user, the vendor's word counts.
      const { summary: forced } = yield* at.runWell(telling(after), { from, refetch: true });
      expect(forced.counts["restated"]).toBe(1);
      expectHistory(at, after);
    })));
});

describe("a series that the user has fetched afresh", () => {
  it("is fetched from the beginning, also what once was answered empty before its first stored candle", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      yield* at.runWell(telling({ listed: daysAgo(100) }), { from });
      const { summary } = yield* at.runWell(telling({ listed: daysAgo(300) }), { from, refetch: true });
      expect(summary.counts["restated"]).toBe(1);
      expect(expectHistory(at, { listed: daysAgo(300) })).toBe(301);
    })));
});

describe("a candle that the vendor corrected", () => {
  it("is corrected, with old and new in candle_revisions, and nothing is refetched", () =>
    manyRuns(
      fc.record({
        seen: fc.integer({ min: 1, max: 5 }),
        back: fc.integer({ min: 0, max: 25 }),
        by: fc.integer({ min: 5, max: 900 }),
      }),
      ({ back, by, seen }) =>
        Effect.gen(function* () {
          const at = yield* setting([row(1, "AAA")]);
          const before: History = { listed: daysAgo(60) };
          yield* at.runWell(telling(before), { from, to: dayText(daysAgo(seen)) });
          const ts = daysAgo(seen + back);
          const after: History = { ...before, corrected: new Map([[ts, priceOf(ts) + by]]) };
          const { asked, summary } = yield* at.runWell(telling(after), { from });
          expect(summary.counts).toMatchObject({ restated: 0, revised: 1, updated: 1 });
          expectHistory(at, after);
          const [old, now] = [candleOf(before, ts), candleOf(after, ts)];
          expect(at.sink.rows(candleRevisions)).toEqual([{
            source: "pretend",
            instrument_id: 1,
            interval: "day",
            ts,
            revised_at: NOW + 600_000,
            old_open: old.open,
            old_high: old.high,
            old_low: old.low,
            old_close: old.close,
            old_volume: old.volume,
            old_oi: null,
            new_open: now.open,
            new_high: now.high,
            new_low: now.low,
            new_close: now.close,
            new_volume: now.volume,
            new_oi: null,
          }]);
          // A second request only where the oldest candle in sight changed.
          expect(asked.length).toBeLessThanOrEqual(2);
          if (back < 20) expect(asked.length).toBe(1);
        }),
    ));
});

describe("an answer that cannot be of the stored series", () => {
  const before: History = { listed: daysAgo(200) };
  const other: PretendMarket = {
    candles: (request) =>
      Effect.map(telling(before).candles!(request), (batch) => ({
        ...batch,
        candles: batch.candles.map((one, index) => ({
          ...one,
          open: `${70 + index}`,
          close: `${90 - index % 5}`,
        }))
          .map((one, index) => ({ ...one, high: `${300 + index * 3}`, low: `${20 - index % 7}` })),
      })),
  };

  it("of another instrument, or without candles where some are stored: nothing is stored of it", () =>
    onTestClock(Effect.gen(function* () {
      for (
        const [market, words] of [
          [other, "--refetch"],
          [{ candles: () => Effect.succeed({ candles: [], rejected: [] }) }, "candles that are stored"],
        ] as const
      ) {
        const at = yield* setting([row(1, "AAA")]);
        yield* at.runWell(telling(before), { from, to: dayText(daysAgo(4)) });
        const contents = at.sink.contents();
        const { summary } = yield* at.runWell(market, { from, retryAttempts: 2 });
        expect(summary.failures).toMatchObject([{ unit: "NSE:AAA", reason: "Corrupt" }]);
        expect(summary.failures[0]!.message).toContain(words);
        expect(at.sink.contents()[candles.name]).toEqual(contents[candles.name]);
        expect(at.sink.contents()[coverage.name]).toEqual(contents[coverage.name]);
        // A passing mistake is tried again.
        let calls = 0;
        const { summary: mended } = yield* at.runWell({
          candles: (request) => calls++ === 0 ? market.candles!(request) : telling(before).candles!(request),
        }, { from });
        expect(mended.outcome).toBe("done");
        expect(at.sink.rows(candles).length).toBe(201);
      }
    })));

  it("trade that goes on after years is compared, by one request of its own where it fits in no other", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const info = { daysPerRequest: { day: 100 } };
      const paused = daysAgo(350);
      const history = (factor: number): PretendMarket => ({
        info,
        candles: (request) =>
          Effect.map(
            telling({ listed: daysAgo(380), factor, exDate: daysAgo(10) }).candles!(request),
            (batch) => ({
              ...batch,
              candles: batch.candles.filter(({ ts }) => ts <= paused || ts >= daysAgo(2)),
            }),
          ),
      });
      yield* at.runWell(history(1), { from, to: dayText(daysAgo(100)) });
      const { asked, summary } = yield* at.runWell(history(0.5), { from, to: dayText(daysAgo(0)) });
      expect(summary.counts["restated"]).toBe(1);
      expect(asked[1]).toMatchObject({ from: paused });
      expect(at.sink.rows(candles).length).toBe(34);
      const ranges = at.sink.rows(coverage).map((one) => ({ from: one.range_start, to: one.range_end }));
      expect(RangeSet.size(RangeSet.fromRanges(ranges))).toBeGreaterThan(399 * DAY);
    })));
});

it("a restated series is fetched afresh from the first candle it has, not from before its listing", () =>
  onTestClock(Effect.gen(function* () {
    const at = yield* setting([row(1, "AAA")]);
    const before: History = { listed: daysAgo(1_000) };
    yield* at.runWell(telling(before));
    yield* TestClock.adjust("1 day");
    const { asked } = yield* at.runWell(telling({ ...before, factor: 0.5, exDate: daysAgo(1) }));
    expect(asked.slice(1).map((request) => request.from)).toEqual([daysAgo(1_000)]);
    expect(at.sink.rows(coverage)[0]!.range_start).toBe(Date.parse("1995-01-01T00:00:00+05:30"));
  })));
