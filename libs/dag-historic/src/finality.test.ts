import { Calendar } from "@candlewick/core";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { horizonOf } from "./planning.ts";
import { calendarWithout, from, HOUR, IST, lacking, text, trading } from "./testing/calendar.ts";
import { candles, DAY, NOW, onTestClock, row, setting, TODAY } from "./testing/setting.ts";

describe("a candle is final", () => {
  const calendar = calendarWithout(new Set(["2026-11-22"]));
  const at = (time: string) => Date.parse(`${time}+05:30`);
  const settled = (time: string) => text(Calendar.settledAt(at(time), 2 * HOUR, IST, calendar));

  it("when its session has closed and the vendor has had time to settle it", () => {
    expect(settled("2026-11-20T17:29:59")).toBe("2026-11-20");
    expect(settled("2026-11-20T17:30:00")).toBe("2026-11-21");
    expect(settled("2026-11-21T00:10:00")).toBe("2026-11-21");
    // A day the calendar calls closed may have a session that it does not know.
    expect(settled("2026-11-22T23:00:00")).toBe("2026-11-22");
    expect(settled("2026-11-23T01:59:00")).toBe("2026-11-22");
    expect(settled("2026-11-23T02:00:00")).toBe("2026-11-23");
  });

  it("after days, where the vendor takes days to settle", () => {
    const after = (time: string) => text(Calendar.settledAt(at(time), 30 * HOUR, IST, calendar));
    expect(after("2026-11-20T21:29:00")).toBe("2026-11-19");
    expect(after("2026-11-20T21:30:00")).toBe("2026-11-20");
    expect(after("2026-11-21T00:00:00")).toBe("2026-11-20");
    expect(after("2026-11-21T21:30:00")).toBe("2026-11-21");
  });

  it("never before its session closed, and once final it stays so", () => {
    const instants = fc.integer({ min: at("2026-01-01T00:00:00"), max: at("2026-12-30T00:00:00") });
    fc.assert(fc.property(
      instants,
      fc.integer({ min: 0, max: 40 * HOUR }),
      fc.integer({ min: 0, max: 3 * DAY }),
      (now, settle, later) => {
        const before = Calendar.settledAt(now, settle, IST, calendar);
        const last = calendar.sessionOn(text(before - 1));
        if (last !== undefined) expect(last.closes).toBeLessThanOrEqual(now);
        expect(Calendar.settledAt(now + later, settle, IST, calendar)).toBeGreaterThanOrEqual(before);
      },
    ));
  });

  it("in the evening: the day is complete, and the next run has nothing to do", () =>
    onTestClock(Effect.gen(function* () {
      const run = yield* setting([row(1, "AAA")], { calendars: trading() });
      yield* run.runWell(lacking(new Set()), { from, settle: 3 * HOUR });
      expect(run.sink.rows(candles).at(-1)).toMatchObject({ ts: TODAY, is_final: false });
      yield* TestClock.adjust("2 hours");
      const evening = yield* run.runWell(lacking(new Set()), { from, settle: 3 * HOUR });
      expect(evening.summary.counts).toMatchObject({ updated: 1, provisional: 0, revised: 0 });
      expect(run.sink.rows(candles).at(-1)).toMatchObject({ ts: TODAY, is_final: true });
      yield* TestClock.adjust("3 hours");
      expect((yield* run.runWell(lacking(new Set()), { from, settle: 3 * HOUR })).summary.outcome).toBe(
        "nothing",
      );
      expect(
        horizonOf(
          {
            interval: "day",
            from: undefined,
            to: undefined,
            bootstrapDate: "1995-01-01",
            settle: 0,
          },
          { timeZone: IST, earliest: {} },
          NOW,
          calendar,
        ).to,
      ).toBe(TODAY + DAY);
    })));
});
