import { candleRevisions } from "@candlewick/core";
import { Effect } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysAgo } from "./testing/calendar.ts";
import { candleOf, dayText, expectHistory, from, type History, priceOf, telling } from "./testing/history.ts";
import { manyRuns, NOW, row, setting } from "./testing/setting.ts";

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
