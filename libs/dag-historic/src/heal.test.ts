import { RangeSet } from "@candlewick/core";
import { Effect } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysAgo, from, lacking, text, trading } from "./testing/calendar.ts";
import { candles, DAY, manyRuns, onTestClock, row, setting } from "./testing/setting.ts";

describe("--heal", () => {
  it("fetches exactly the sessions that were answered empty, and what was never asked for", () =>
    manyRuns(
      fc.uniqueArray(fc.integer({ min: 5, max: 89 }), { maxLength: 6 }),
      (gone) =>
        Effect.gen(function* () {
          const at = yield* setting([row(1, "AAA"), row(2, "BBB")], { calendars: trading() });
          const holes = new Set(gone.map(daysAgo));
          yield* at.runWell(lacking(holes), { from });
          const idle = yield* at.runWell(lacking(new Set()), { from });
          expect(idle.asked).toEqual([]);
          const { asked, summary } = yield* at.runWell(lacking(new Set()), { from, heal: true });
          const ranges = RangeSet.fromRanges([...holes].map((ts) => ({ from: ts, to: ts + DAY })));
          expect(summary.counts).toMatchObject({ inserted: 2 * holes.size, updated: 0, revised: 0 });
          expect(asked.length).toBe(2 * ranges.length);
          for (const request of asked) {
            expect(ranges.filter(({ to }) => to === request.to).length).toBe(1);
          }
          expect(at.sink.rows(candles).length).toBe(2 * 91);
          const again = yield* at.runWell(lacking(new Set()), { from, heal: true });
          expect(again.summary.outcome).toBe("nothing");
        }),
    ));

  it("asks for nothing on closed days, before a listing, or where no calendar is known", () =>
    onTestClock(Effect.gen(function* () {
      const closed = [daysAgo(20), daysAgo(21)];
      for (const calendars of [trading(...closed.map(text)), undefined]) {
        const at = yield* setting([row(1, "AAA")], calendars === undefined ? {} : { calendars });
        yield* at.runWell(lacking(new Set(closed)), { from });
        const { summary } = yield* at.runWell(lacking(new Set(closed)), { from, heal: true });
        expect(summary.outcome).toBe("nothing");
        expect(summary.notes.some((note) => note.includes("no calendar of NSE"))).toBe(
          calendars === undefined,
        );
      }
    })));

  it("asks again for a session whose candle was rejected", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")], { calendars: trading() });
      const bad = daysAgo(7);
      yield* at.runWell({
        candles: (request) =>
          Effect.map(lacking(new Set([bad])).candles!(request), (batch) => ({
            ...batch,
            rejected: [{ reason: "high below low", raw: "[]", ts: bad }],
          })),
      }, { from });
      const { asked } = yield* at.runWell(lacking(new Set()), { from, heal: true });
      expect(asked.map(({ to }) => to)).toEqual([bad + DAY]);
      expect(at.sink.rows(candles).length).toBe(91);
    })));
});
