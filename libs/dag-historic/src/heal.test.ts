import { Calendar, candleFailures, MarketTime, PluginError, RangeSet, type Source } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { horizonOf, settledAt } from "./planning.ts";
import {
  candles,
  dailyFrom,
  DAY,
  failing,
  manyRuns,
  NOW,
  onTestClock,
  row,
  setting,
  TODAY,
} from "./testing/setting.ts";

const IST = "Asia/Kolkata";
const HOUR = 3_600_000;
const text = (ts: number): string => MarketTime.dayOf(ts, IST);
const daysAgo = (days: number): number => TODAY - days * DAY;
const from = text(daysAgo(100));

/** An exchange that trades every day from 09:15 to 15:30, but for some days. */
const calendarWithout = (closed: ReadonlySet<MarketTime.Day>): Calendar.Calendar => {
  const sessionOn = (day: MarketTime.Day): Calendar.Session | undefined => {
    if (closed.has(day)) return undefined;
    const midnight = MarketTime.dayStart(day, IST);
    const period = { from: midnight + 9.25 * HOUR, to: midnight + 15.5 * HOUR };
    return { day, opens: period.from, closes: period.to, periods: [period] };
  };
  return {
    exchange: "NSE",
    timeZone: IST,
    from: "2000-01-01",
    to: "2026-12-31",
    sessionOn,
    closedFor: (day) => closed.has(day) ? "holiday" : undefined,
    layers: [],
  };
};

const trading = (...closed: ReadonlyArray<MarketTime.Day>) => {
  const calendar = calendarWithout(new Set(closed));
  return { of: () => Effect.succeed(calendar), exchanges: ["NSE"] };
};

/** A market that lacks some days. */
const lacking = (days: ReadonlySet<number>): PretendMarket => ({
  candles: (request: Source.CandleRequest) =>
    Effect.map(dailyFrom(daysAgo(90))(request), (batch) => ({
      ...batch,
      candles: batch.candles.filter(({ ts }) => !days.has(ts)),
    })),
});

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

describe("a candle is final", () => {
  const calendar = calendarWithout(new Set(["2026-11-22"]));
  const at = (time: string) => Date.parse(`${time}+05:30`);
  const settled = (time: string) => text(settledAt(at(time), 2 * HOUR, IST, calendar));

  it("when its session has closed and the vendor has had time to settle it", () => {
    expect(settled("2026-11-20T17:29:59")).toBe("2026-11-20");
    expect(settled("2026-11-20T17:30:00")).toBe("2026-11-21");
    expect(settled("2026-11-21T00:10:00")).toBe("2026-11-21");
    // A day the calendar calls closed may have a session that it does not know.
    expect(settled("2026-11-22T23:00:00")).toBe("2026-11-22");
    expect(settled("2026-11-23T01:59:00")).toBe("2026-11-22");
    expect(settled("2026-11-23T02:00:00")).toBe("2026-11-23");
  });

  it("never before its session closed, and once final it stays so", () => {
    const instants = fc.integer({ min: at("2026-01-01T00:00:00"), max: at("2026-12-30T00:00:00") });
    fc.assert(fc.property(
      instants,
      fc.integer({ min: 0, max: 40 * HOUR }),
      fc.integer({ min: 0, max: 3 * DAY }),
      (now, settle, later) => {
        const before = settledAt(now, settle, IST, calendar);
        const last = calendar.sessionOn(text(before - 1));
        if (last !== undefined) expect(last.closes).toBeLessThanOrEqual(now);
        expect(settledAt(now + later, settle, IST, calendar)).toBeGreaterThanOrEqual(before);
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

it("candles on days that the calendar calls closed are kept, and noted", () =>
  onTestClock(Effect.gen(function* () {
    const at = yield* setting([row(1, "AAA")], { calendars: trading(text(daysAgo(3)), text(daysAgo(50))) });
    const { summary } = yield* at.runWell(lacking(new Set()), { from });
    expect(at.sink.rows(candles).length).toBe(91);
    expect(summary.notes.find((note) => note.includes("calls closed"))).toContain(
      `2 days that the calendar calls closed, kept: NSE ${text(daysAgo(50))}, NSE ${text(daysAgo(3))}`,
    );
  })));

it("a series that failed keeps its error and its tries, of all runs, until it is fetched", () =>
  onTestClock(Effect.gen(function* () {
    const away = failing(new PluginError.Unavailable({ message: "away" }));
    const at = yield* setting([row(1, "AAA"), row(2, "BBB")]);
    const broken: PretendMarket = {
      candles: (request) =>
        request.subject.tradingsymbol === "AAA" ? Effect.fail(away) : dailyFrom(daysAgo(90))(request),
    };
    for (const tries of [3, 6]) {
      yield* at.runWell(broken, { from, retryAttempts: 3 });
      expect(at.sink.rows(candleFailures)).toMatchObject([
        {
          source: "pretend",
          instrument_id: 1,
          interval: "day",
          reason: "Unavailable",
          message: "away",
          tries,
        },
      ]);
    }
    yield* at.runWell({ candles: dailyFrom(daysAgo(90)) }, { from });
    expect(at.sink.rows(candleFailures)).toEqual([]);
    // What every series shares says nothing of one.
    const refused = failing(new PluginError.Unauthorized({ message: "expired", hint: "log in" }));
    yield* TestClock.adjust("1 day");
    yield* at.run({ candles: () => Effect.fail(refused) }, { from });
    expect(at.sink.rows(candleFailures)).toEqual([]);
  })));
