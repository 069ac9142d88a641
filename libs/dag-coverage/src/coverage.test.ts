import { candleFailures, candleRevisions, MarketTime, PluginError, restatements } from "@candlewick/core";
import { Effect } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import plugin from "./plugin.ts";
import {
  bars,
  candles,
  coverage,
  DAY,
  failed,
  fetched,
  HOUR,
  listing,
  onTestClock,
  sessions,
  setting,
  start,
  TODAY,
  weekdays,
} from "./testing/setting.ts";

describe("coverage", () => {
  it("tells share, ends and holes of each series the store knows, those that lack most first", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA"), listing(2, "BBB"), listing(3, "NEVER")]);
      yield* at.sink.upsert(coverage, [
        fetched(1, "2026-11-02", "2026-11-19"),
        fetched(2, "2026-11-02", "2026-11-19"),
      ]);
      yield* at.sink.upsert(candles, [
        ...bars(1, sessions("2026-11-02", "2026-11-19")),
        ...bars(2, sessions("2026-11-04", "2026-11-19").filter((day) => day !== "2026-11-12")),
      ]);
      const { counts, failures, headline, outcome, series, tables } = yield* at.run();
      expect(outcome).toBe("partial");
      expect(headline).toBe("1 of 2 instruments complete at interval day: 1 hole on trading days");
      expect(counts).toEqual({
        instruments: 2,
        complete: 1,
        expected: 26,
        present: 25,
        missing: 1,
        holes: 1,
        provisional: 2,
      });
      const provisional = { from: TODAY, to: TODAY, sessions: 1, reason: "provisional" };
      expect(series).toMatchObject([
        {
          symbol: "NSE:BBB",
          instrumentId: 2,
          interval: "day",
          expected: 12,
          present: 11,
          share: 91.66,
          first: "2026-11-04",
          last: "2026-11-19",
          holes: [
            { from: "2026-11-02", to: "2026-11-03", sessions: 2, reason: "before listing" },
            { from: "2026-11-12", to: "2026-11-12", sessions: 1, reason: "answered empty" },
            provisional,
          ],
          unexpected: [],
          lastFailure: null,
        },
        { symbol: "NSE:AAA", expected: 14, present: 14, share: 100, holes: [provisional] },
      ]);
      expect(failures).toEqual([
        { unit: "NSE:BBB", reason: "Missing", message: "2026-11-12 answered empty" },
      ]);
      expect(tables.map(({ title }) => title)).toEqual(["Instruments", "Holes"]);
      expect(tables[0]!.rows[0]).toEqual([
        ...["NSE:BBB", 11, 12, "91.66%", "2026-11-04", "2026-11-19", 1],
      ]);
      // Missing ones first; what instruments share is one line.
      expect(tables[1]!.rows.map((row) => [row[0], row[4]])).toEqual([
        ["NSE:BBB", "answered empty"],
        ["NSE:BBB", "before listing"],
        ["NSE:BBB, NSE:AAA", "provisional"],
      ]);
    })));

  it("is done when nothing is missing", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA")]);
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-02", "2026-11-19")]);
      yield* at.sink.upsert(candles, bars(1, sessions("2026-11-02", "2026-11-19")));
      const { failures, headline, outcome } = yield* at.run();
      expect([outcome, headline, failures]).toEqual([
        "done",
        "1 of 1 instrument complete at interval day",
        [],
      ]);
    })));

  it("never says 100% while something is missing, and never counts what is not there", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.uniqueArray(fc.nat(199), { maxLength: 5 }),
        (length, gaps) =>
          onTestClock(Effect.gen(function* () {
            const all = sessions("2026-01-01", "2026-11-19").slice(-length);
            const days = all.filter((_, index) => !gaps.includes(index));
            const at = yield* setting([listing(1, "AAA")]);
            yield* at.sink.upsert(coverage, [fetched(1, "2020-01-01", "2026-11-19")]);
            yield* at.sink.upsert(candles, [...bars(1, ["2020-01-01"]), ...bars(1, days)]);
            const { series: [one] } = yield* at.run({ from: all[0]! });
            expect([one!.expected, one!.present]).toEqual([all.length, days.length]);
            expect(one!.share === 100).toBe(days.length === all.length);
            expect(one!.share! / 100).toBeLessThanOrEqual(days.length / all.length);
          })),
      ),
      { numRuns: 100 },
    ));

  it("asks the vendor for nothing, and writes nothing", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA")]);
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-02", "2026-11-19")]);
      const before = at.sink.written();
      const planned = yield* at.plan({ symbols: ["NSE:AAA"] });
      expect([planned.requests, planned.headline]).toEqual([0, expect.stringContaining("1 instruments")]);
      yield* at.run({ symbols: ["NSE:AAA"] });
      expect(at.sink.written()).toBe(before);
      expect(at.requests).toEqual([]);
      expect(plugin.needs).toEqual([]);
    })));

  it("counts a session of a shorter interval as present when it has one candle", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA")]);
      const interval = "60minute";
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-16", "2026-11-19", { interval })]);
      const hour = (day: string, hour: number) => bars(1, [day], { interval, ts: start(day) + hour * HOUR });
      yield* at.sink.upsert(candles, [
        ...hour("2026-11-16", 9.25),
        ...hour("2026-11-16", 10.25),
        ...hour("2026-11-18", 13.25),
        ...hour("2026-11-19", 9.25),
      ]);
      const { series } = yield* at.run({ interval, to: "2026-11-19" });
      expect(series).toMatchObject([{ present: 3, expected: 4, holes: [{ from: "2026-11-17" }] }]);
      expect((yield* at.run()).outcome).toBe("nothing");
    })));
});

describe("a store in trouble", () => {
  /** Three complete series, of which reading the candles fails once. */
  const troubled = Effect.fnUntraced(function* (fault: PluginError.Store["fault"]) {
    let reads = 0;
    const reason = new PluginError.Store({ message: "gone", fault });
    const at = yield* setting([1, 2, 3].map((id) => listing(id, `S${id}`)), weekdays(), {
      before: ({ dataset, kind }) =>
        kind === "select" && dataset === candles.name && ++reads === 1
          ? Effect.fail(new PluginError.PluginError({ plugin: "memory", operation: "select", reason }))
          : Effect.void,
    });
    for (const id of [1, 2, 3]) {
      yield* at.sink.upsert(coverage, [fetched(id, "2026-11-09", "2026-11-19")]);
      yield* at.sink.upsert(candles, bars(id, sessions("2026-11-09", "2026-11-19")));
    }
    return at;
  });

  it("what could not be read of one series is named, and not called complete", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* troubled("conflict");
      const { counts, failures, outcome, series } = yield* at.run();
      expect(outcome).toBe("partial");
      expect(counts).toMatchObject({ instruments: 3, complete: 2 });
      expect(failures).toMatchObject([{ reason: "Store" }]);
      expect(series.length).toBe(2);
    })));

  it("a store that is away ends the run as that", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* troubled("connection");
      const error = yield* Effect.flip(at.run());
      expect(error.reason).toMatchObject({ _tag: "Store", fault: "connection" });
    })));
});

describe("what is looked at", () => {
  it("a choice brings in what was never asked for, from the calendar's first day or the one named", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([
        listing(1, "AAA"),
        listing(2, "BBB", { instrument_type: "FUT", expiry: "2026-11-12" }),
      ]);
      expect((yield* at.run()).outcome).toBe("nothing");
      const { outcome, series } = yield* at.run({ exchanges: ["NSE"] });
      expect(outcome).toBe("partial");
      expect(series.map(({ holes, symbol }) => [symbol, holes[0]!.from, holes.at(-1)!.to])).toEqual([
        ["NSE:AAA", "2020-01-01", TODAY],
        ["NSE:BBB", "2020-01-01", "2026-11-12"],
      ]);
      expect(series[0]!.holes.map(({ reason }) => reason)).toEqual(["never asked", "provisional"]);
      const named = yield* at.run({ instrumentTypes: ["FUT"], from: "2026-11-09" });
      expect(named.series).toMatchObject([{ symbol: "NSE:BBB", expected: 4, present: 0, share: 0 }]);
    })));

  it("names symbols that are unknown, or gone without ever being asked for, and reports the others", () =>
    onTestClock(Effect.gen(function* () {
      const gone = { delisted_at: start("2026-11-10") + HOUR };
      const at = yield* setting([listing(1, "AAA"), listing(2, "OLD", gone), listing(3, "GONE", gone)]);
      yield* at.sink.upsert(coverage, [fetched(2, "2026-11-02", "2026-11-09")]);
      yield* at.sink.upsert(candles, bars(2, sessions("2026-11-02", "2026-11-09")));
      const symbols = ["NSE:AAA", "NSE:OLD", "NSE:GONE", "NSE:TYPO"];
      const { failures, series } = yield* at.run({ symbols, from: "2026-11-02" });
      expect(failures.map(({ reason, unit }) => [unit, reason])).toEqual([
        ["NSE:GONE", "Invalid"],
        ["NSE:TYPO", "Invalid"],
        ["NSE:AAA", "Missing"],
      ]);
      // Expected until the day before it was found gone.
      expect(series[1]).toMatchObject({ symbol: "NSE:OLD", expected: 6, present: 6, share: 100, holes: [] });
      const lost = yield* at.run({ symbols: ["NSE:TYPO"] });
      expect([lost.outcome, lost.series]).toEqual(["failed", []]);
    })));

  it("where no calendar is known tells only what was not fetched, and says so", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "GOLD", { exchange: "MCX" })]);
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-02", "2026-11-06")]);
      yield* at.sink.upsert(candles, bars(1, ["2026-11-03"]));
      const { headline, notes, series } = yield* at.run();
      expect(headline).toBe("0 of 1 instrument complete at interval day: 1 hole");
      expect(series).toMatchObject([{
        expected: null,
        present: 1,
        share: null,
        holes: [{ from: "2026-11-07", to: "2026-11-19", sessions: null, reason: "never asked" }],
      }]);
      expect(notes.join()).toContain("No calendar of MCX is known");
    })));

  it("days that the calendar does not know are told by coverage alone, and noted", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA")], { ...weekdays(), to: "2026-11-13" });
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-09", "2026-11-17")]);
      yield* at.sink.upsert(candles, bars(1, sessions("2026-11-09", "2026-11-17")));
      const { notes, series } = yield* at.run();
      expect(series).toMatchObject([{
        expected: 5,
        present: 5,
        holes: [{ from: "2026-11-18", to: "2026-11-19", sessions: null, reason: "never asked" }],
        unexpected: [],
      }]);
      expect(notes.join()).toContain("knows no days after 2026-11-13");
      const early = yield* at.run({ from: "2019-12-30", to: "2026-11-13" });
      expect(early.series[0]!.holes[0]).toMatchObject({
        from: "2019-12-30",
        to: "2019-12-31",
        sessions: null,
      });
      expect(early.notes.join()).toContain("knows no days before 2020-01-01");
    })));
});

describe("what else is told", () => {
  it("a failure with its error and tries, also one that left nothing missing", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA"), listing(2, "BBB")]);
      const span = ["2026-11-09", "2026-11-19"] as const;
      yield* at.sink.upsert(coverage, [fetched(2, ...span)]);
      yield* at.sink.upsert(candles, bars(2, sessions(...span)));
      yield* at.sink.upsert(candleFailures, [failed(1, ...span), failed(2, ...span)]);
      const { failures, notes, series, tables } = yield* at.run({ to: "2026-11-19" });
      expect(series).toMatchObject([
        { holes: [{ reason: "failed", error: "HTTP 503", tries: 4, sessions: 9 }] },
        { holes: [], lastFailure: { error: "HTTP 503", tries: 4 } },
      ]);
      expect(failures).toMatchObject([{
        unit: "NSE:AAA",
        message: "2026-11-09 to 2026-11-19 (9 sessions) failed after 4 tries: HTTP 503",
      }]);
      expect(tables[1]!.rows[0]![4]).toBe("failed after 4 tries: HTTP 503");
      expect(notes.join()).toContain("The last fetch of 1 complete instrument failed");
    })));

  it("candles of closed days, revisions and restatements", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([listing(1, "AAA")], weekdays("2026-11-11"));
      yield* at.sink.upsert(coverage, [fetched(1, "2026-11-09", "2026-11-19")]);
      yield* at.sink.upsert(candles, bars(1, sessions("2026-11-09", "2026-11-19")));
      const own = { source: "pretend", instrument_id: 1, interval: "day" };
      yield* at.sink.upsert(
        candleRevisions,
        [9, 10].map((day) => ({
          ...own,
          ...{ ts: start("2026-11-01") + day * DAY, revised_at: 0 },
          ...{ old_open: "1", old_high: "1", old_low: "1", old_close: "1", old_volume: 1, old_oi: null },
          ...{ new_open: "1", new_high: "1", new_low: "1", new_close: "2", new_volume: 1, new_oi: null },
        })),
      );
      yield* at.sink.upsert(restatements, [
        { ...own, detected_at: 0, changed_before: 0, factor: "0.5", candles: 5 },
        { ...own, source: "other", detected_at: 0, changed_before: 0, factor: null, candles: 5 },
      ]);
      const { notes, outcome, series } = yield* at.run({ to: "2026-11-19" });
      expect(outcome).toBe("done");
      expect(series).toMatchObject([{ unexpected: ["2026-11-11"], revisions: 2, restatements: 1 }]);
      expect(notes.join("\n")).toMatch(/closed, kept: NSE 2026-11-11;.*\n2 final candles.*\n1 time /);
    })));

  it("at most forty lines of a table, and what it does not show; the details have all", () =>
    onTestClock(Effect.gen(function* () {
      const ids = Array.from({ length: 60 }, (_, index) => index + 1);
      const at = yield* setting(ids.map((id) => listing(id, `S${id}`)));
      const days = sessions("2026-08-03", "2026-11-19");
      yield* at.sink.upsert(coverage, ids.map((id) => fetched(id, "2026-08-03", "2026-11-19")));
      yield* at.sink.upsert(candles, ids.flatMap((id) => bars(id, days.filter((_, index) => index !== id))));
      const { failures, notes, series, tables } = yield* at.run({ to: MarketTime.addDays(TODAY, -1) });
      expect(tables.map(({ rows, title }) => [title, rows.length])).toEqual([
        ["Instruments (40 of 60, worst first)", 40],
        ["Holes (40 of 60, missing ones first)", 40],
      ]);
      expect(notes).toContain("20 instruments not shown, 20 of them incomplete: --json has all");
      expect(notes).toContain("20 holes not shown, 20 of them missing: --json has all");
      expect([series.length, failures.length]).toEqual([60, 60]);
    })));
});
