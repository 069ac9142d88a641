import {
  candleFailures,
  candleRevisions,
  PluginError,
  restatedCandles,
  restatements,
} from "@candlewick/core";
import { pretendInfo } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysAgo } from "./testing/calendar.ts";
import { candleOf, dayText, expectHistory, from, type History, telling } from "./testing/history.ts";
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
} from "./testing/setting.ts";

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
