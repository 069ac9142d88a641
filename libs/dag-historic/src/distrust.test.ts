import { RangeSet } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { daysAgo } from "./testing/calendar.ts";
import { dayText, from, type History, telling } from "./testing/history.ts";
import { candles, coverage, DAY, onTestClock, row, setting } from "./testing/setting.ts";

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
