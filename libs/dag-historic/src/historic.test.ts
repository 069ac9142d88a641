import { type Candle, governed, type InstrumentRow, RangeSet, Sink } from "@candlewick/core";
import { type PretendMarket, pretendSource } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { windowsOf } from "./planning.ts";
import plugin from "./plugin.ts";
import {
  candle,
  candles,
  coverage,
  dailyFrom,
  DAY,
  defaults,
  LISTED,
  manyRuns,
  names,
  NOW,
  onTestClock,
  row,
  setting,
  TODAY,
} from "./testing/setting.ts";

describe("historic", () => {
  it("fetches all of a series by the fewest requests, commits it with its coverage, and then has nothing to do", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA"), row(2, "BBB")]);
      const first = yield* at.runWell({ candles: dailyFrom(LISTED) });
      expect(first.summary.outcome).toBe("done");
      expect(first.asked.length).toBe(
        2 * Math.ceil((NOW - Date.parse("1995-01-01T00:00:00+05:30")) / (2_000 * DAY)),
      );
      const days = (TODAY - LISTED) / DAY + 1;
      expect(first.summary.counts).toMatchObject({ inserted: 2 * days, provisional: 2, failed: 0 });
      expect(at.sink.rows(candles).filter((one) => !one.is_final).map((one) => one.ts)).toEqual([
        TODAY,
        TODAY,
      ]);
      const second = yield* at.runWell({ candles: dailyFrom(LISTED) });
      expect(second.summary.outcome).toBe("nothing");
      expect(second.requests).toEqual([]);
    })));

  it("001-P5: All required OHLCV fields are stored", () =>
    manyRuns(
      fc.uniqueArray(
        fc.record({
          ts: fc.integer({ min: 0, max: 300 }).map((days) => TODAY - days * DAY),
          price: fc.integer({ min: 1, max: 10_000_000 }),
          volume: fc.nat(),
          oi: fc.option(fc.nat()),
        }),
        { selector: (one) => one.ts, maxLength: 20 },
      ),
      (days) =>
        Effect.gen(function* () {
          const sent = days.sort((a, b) => a.ts - b.ts).map(({ ts, price, volume, oi }): Candle.Candle => ({
            ts,
            open: (price / 100).toFixed(4),
            high: (price / 10).toFixed(2),
            low: (price / 1_000).toFixed(3),
            close: String(price),
            volume,
            oi,
          }));
          const at = yield* setting([row(7, "AAA")]);
          yield* at.runWell({
            candles: (request) =>
              Effect.succeed({
                candles: sent.filter((one) => one.ts >= request.from && one.ts < request.to),
                rejected: [],
              }),
          });
          expect(at.sink.rows(candles)).toEqual(sent.map((one) => ({
            instrument_id: 7,
            interval: "day",
            ...one,
            is_final: one.ts < TODAY,
            fetched_at: NOW,
          })));
        }),
    ));

  it("001-P6: Upsert updates existing records: today's candle is replaced by the next look", () =>
    manyRuns(
      fc.tuple(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 501, max: 900 })),
      ([early, late]) =>
        Effect.gen(function* () {
          const at = yield* setting([row(1, "AAA")]);
          const showing = (price: number): PretendMarket => ({
            candles: (request) =>
              Effect.succeed({ candles: request.to > TODAY ? [candle(TODAY, price)] : [], rejected: [] }),
          });
          yield* at.runWell(showing(early));
          yield* TestClock.adjust("2 hours");
          const again = yield* at.runWell(showing(late));
          expect(again.asked.map((request) => request.from)).toEqual([TODAY]);
          expect(again.summary.counts).toMatchObject({ inserted: 0, updated: 1 });
          expect(at.sink.rows(candles)).toMatchObject([{
            ts: TODAY,
            close: late.toFixed(2),
            is_final: false,
          }]);
          yield* TestClock.adjust("1 day");
          yield* at.runWell(showing(late));
          expect(at.sink.rows(candles)).toMatchObject([{ ts: TODAY, is_final: true }]);
        }),
    ));

  it("001-P13: Work is grouped into units of the right size: a window never spans more than a request may", () =>
    manyRuns(fc.integer({ min: 100, max: 2_000 }), (days) =>
      Effect.gen(function* () {
        const at = yield* setting([row(1, "AAA"), row(2, "BBB")]);
        const { asked } = yield* at.runWell({ info: { daysPerRequest: { day: days } } });
        expect(asked.every((request) => request.to - request.from <= days * DAY)).toBe(true);
        const whole = [{ from: Date.parse("1995-01-01T00:00:00+05:30"), to: NOW }];
        for (const token of ["1001", "1002"]) {
          expect(RangeSet.fromRanges(asked.filter((request) => request.subject.token === token))).toEqual(
            whole,
          );
        }
      })));

  it("001-P14: Processing is sequential within a series, oldest first, under the rate limit", () =>
    manyRuns(
      fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 })),
      ([parallelism, perSecond]) =>
        Effect.gen(function* () {
          const at = yield* setting(names.map((name, index) => row(index + 1, name)));
          const times: Array<number> = [];
          const { asked } = yield* at.runWell({
            info: { limits: { instruments: [], candles: [{ requests: perSecond, millis: 1_000 }] } },
            candles: (request) =>
              Effect.clockWith((clock) => {
                times.push(clock.currentTimeMillisUnsafe());
                return dailyFrom(TODAY - 40 * DAY)(request);
              }),
          }, { parallelism });
          for (const name of names) {
            const own = asked.filter((request) => request.subject.tradingsymbol === name).map((one) =>
              one.from
            );
            expect(own).toEqual([...own].sort((a, b) => a - b));
          }
          for (const [index, time] of times.entries()) {
            const earlier = times[index - perSecond];
            if (earlier !== undefined) expect(time - earlier).toBeGreaterThanOrEqual(1_000);
          }
        }),
    ));

  it("asks only for what is missing, by the fewest requests, and for a few candles beside it again", () =>
    manyRuns(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 800 })).map((
          [ago, length],
        ) => ({
          from: new Date(TODAY - ago * DAY + 6 * 3_600_000).toISOString().slice(0, 10),
          to: new Date(Math.min(TODAY - DAY, TODAY - (ago - length) * DAY) + 6 * 3_600_000).toISOString()
            .slice(0, 10),
        })),
        { minLength: 2, maxLength: 4 },
      ),
      (ranges) =>
        Effect.gen(function* () {
          const at = yield* setting([row(1, "AAA")]);
          let known: RangeSet.RangeSet = RangeSet.empty;
          for (const range of ranges) {
            const { asked } = yield* at.runWell({ candles: dailyFrom(LISTED) }, range);
            const wanted = RangeSet.of(
              Date.parse(`${range.from}T00:00:00+05:30`),
              Date.parse(`${range.to}T00:00:00+05:30`) + DAY,
            );
            const missing = RangeSet.difference(wanted, known);
            const askedFor = RangeSet.fromRanges(asked);
            expect(RangeSet.covers(askedFor, missing)).toBe(true);
            // What is asked for beside it only serves to notice restated history, and costs no request.
            const isDoubted = known.length === 0 && missing.length > 0 && missing[0]!.to <= LISTED;
            expect(asked.length).toBe(windowsOf(missing, 2_000 * DAY).length + (isDoubted ? 1 : 0));
            known = RangeSet.union(known, wanted);
            const covered = at.sink.rows(coverage).map((one) => ({
              from: one.range_start,
              to: one.range_end,
            }));
            expect(RangeSet.fromRanges(covered)).toEqual(known);
            expect(at.sink.rows(candles).every(({ ts }) => RangeSet.contains(known, ts))).toBe(true);
          }
        }),
    ));

  it("plans with a constant number of queries, fetching and writing nothing", () =>
    onTestClock(Effect.gen(function* () {
      for (const count of [1, 50]) {
        const listings = Array.from({ length: count }, (_, index) => row(index + 1, `S${index}`));
        const at = yield* setting(listings);
        const source = pretendSource({});
        const before = { written: at.sink.written(), operations: at.sink.operations().length };
        const planned = yield* plugin.plan(defaults).pipe(
          Effect.provideContext(yield* governed(source.services)),
          Effect.provideService(Sink.Sink, at.sink),
        );
        expect(planned.requests).toBe(count * 6 + 1);
        expect(source.requests).toEqual([]);
        expect(at.sink.written()).toBe(before.written);
        const selects = at.sink.operations().slice(before.operations).filter((one) => one.kind === "select");
        expect(selects.length).toBe(3);
      }
    })));

  it("asks for the instruments first when the store has none", () =>
    onTestClock(Effect.gen(function* () {
      const needed = (rows: ReadonlyArray<InstrumentRow>) =>
        Effect.gen(function* () {
          const at = yield* setting(rows);
          return yield* plugin.prerequisites(defaults).pipe(
            Effect.provideContext(yield* governed(pretendSource({}).services)),
            Effect.provideService(Sink.Sink, at.sink),
          );
        });
      expect(yield* needed([])).toEqual(["instruments"]);
      expect(yield* needed([row(1, "AAA")])).toEqual([]);
    })));

  it("refuses an interval that the source does not offer, by name", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const { exit } = yield* at.run({}, { interval: "3minute" });
      expect(JSON.stringify(exit)).toContain("it offers minute, 60minute, day");
    })));
});
