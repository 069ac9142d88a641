import { Effect } from "effect";
import { expect, it } from "vitest";
import { daysAgo, from, lacking, text, trading } from "./testing/calendar.ts";
import { candles, onTestClock, row, setting } from "./testing/setting.ts";

it("candles on days that the calendar calls closed are kept, and noted", () =>
  onTestClock(Effect.gen(function* () {
    const at = yield* setting([row(1, "AAA")], { calendars: trading(text(daysAgo(3)), text(daysAgo(50))) });
    const { summary } = yield* at.runWell(lacking(new Set()), { from });
    expect(at.sink.rows(candles).length).toBe(91);
    expect(summary.notes.find((note) => note.includes("calls closed"))).toContain(
      `2 days that the calendar calls closed, kept: NSE ${text(daysAgo(50))}, NSE ${text(daysAgo(3))}`,
    );
  })));
