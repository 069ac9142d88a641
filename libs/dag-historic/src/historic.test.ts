import {
  type Candle,
  candleCoverage,
  candleHistory,
  governed,
  instrumentMaster,
  type InstrumentRow,
  PluginError,
  RangeSet,
  rejectedRecords,
  RunEvent,
  Sink,
  type Source,
} from "@candlewick/core";
import { memorySink, pretendInfo, type PretendMarket, pretendSource } from "@candlewick/core/testing";
import { Effect, Exit, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Parameters, parameters } from "./parameters.ts";
import plugin from "./plugin.ts";
import { isChosen, symbolOf } from "./selection.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-20T12:00:00Z");
/** Midnight in India before `NOW`. */
const TODAY = Date.parse("2026-11-20T00:00:00+05:30");

const master = instrumentMaster(pretendInfo);
const candles = candleHistory(pretendInfo);
const coverage = candleCoverage(pretendInfo);

const defaults = Object.fromEntries(
  Object.entries(parameters).map(([key, setting]) => [key, setting.fallback]),
) as unknown as Parameters;

const row = (id: number, tradingsymbol: string, fields: Partial<InstrumentRow> = {}): InstrumentRow => ({
  instrument_id: id,
  instrument_token: 1_000 + id,
  exchange: "NSE",
  tradingsymbol,
  exchange_token: null,
  instrument_type: "EQ",
  name: null,
  segment: "NSE",
  expiry: null,
  strike: null,
  tick_size: null,
  lot_size: null,
  last_updated: 0,
  created_at: 0,
  delisted_at: null,
  ...fields,
});

const candle = (ts: number, price = ts / DAY): Candle.Candle => ({
  ts,
  open: price.toFixed(2),
  high: (price + 1).toFixed(2),
  low: (price - 1).toFixed(2),
  close: price.toFixed(2),
  volume: 100,
  oi: null,
});

/** A candle for each day of the market from `listed` on; days begin at midnight in India. */
const dailyFrom = (listed: number) => (request: Source.CandleRequest) =>
  Effect.sync(() => {
    const first = Math.max(listed, request.from);
    const found: Array<Candle.Candle> = [];
    for (let ts = TODAY - Math.floor((TODAY - first) / DAY) * DAY; ts < request.to; ts += DAY) {
      if (ts >= request.from) found.push(candle(ts));
    }
    return { candles: found, rejected: [] };
  });

const LISTED = Date.parse("2024-01-01T00:00:00+05:30");

const failing = (reason: PluginError.Reason) =>
  new PluginError.PluginError({ plugin: "pretend", operation: "candles", reason });
const unavailable = failing(new PluginError.Unavailable({ message: "away" }));
const invalid = failing(new PluginError.Invalid({ message: "no such token" }));

const setting = (listings: ReadonlyArray<InstrumentRow>) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(NOW);
    const sink = yield* memorySink();
    yield* sink.ensure(master);
    yield* sink.upsert(master, listings);
    const run = (market: PretendMarket, given: Partial<Parameters> = {}) =>
      Effect.gen(function* () {
        const source = pretendSource(market);
        const events: Array<RunEvent.RunEvent> = [];
        const fiber = yield* plugin.run({ ...defaults, ...given }).pipe(
          Effect.provideContext(yield* governed(source.services)),
          Effect.provideService(Sink.Sink, sink),
          Effect.provideService(RunEvent.RunEvents, {
            publish: (event) => Effect.sync(() => void events.push(event)),
          }),
          Effect.exit,
          Effect.forkChild,
        );
        yield* TestClock.adjust("10 minutes");
        const exit = yield* Fiber.join(fiber);
        const asked = source.requests.flatMap((one) => one.kind === "candles" ? [one.request] : []);
        return { exit, asked, requests: source.requests, events };
      });
    return {
      sink,
      run,
      runWell: (market: PretendMarket, given: Partial<Parameters> = {}) =>
        Effect.flatMap(run(market, given), (ran) => Effect.map(ran.exit, (summary) => ({ ...ran, summary }))),
    };
  });

const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));

const manyRuns = <A>(arbitrary: fc.Arbitrary<A>, check: (input: A) => Effect.Effect<void, unknown>) =>
  fc.assert(fc.asyncProperty(arbitrary, (input) => onTestClock(check(input))), { numRuns: 100 });

const names = ["AAA", "BBB", "CCC", "DDD", "EEE"];

describe("which instruments are fetched", () => {
  const listings = fc.array(
    fc.record({
      exchange: fc.constantFrom("NSE", "BSE", "NFO"),
      type: fc.constantFrom("EQ", "FUT", "CE"),
      symbol: fc.constantFrom(...names),
    }).map(({ exchange, type, symbol }) => row(1, symbol, { exchange, instrument_type: type })),
    { maxLength: 20 },
  );

  it("001-P1: Instrument filtering by type is correct", () => {
    fc.assert(fc.property(listings, fc.subarray(["EQ", "FUT", "CE"], { minLength: 1 }), (all, types) => {
      const chosen = all.filter(isChosen({ symbols: [], exchanges: [], instrumentTypes: types }));
      expect(chosen).toEqual(all.filter((one) => types.includes(one.instrument_type)));
    }));
  });

  it("001-P2: Instrument filtering by exchange is correct", () => {
    fc.assert(
      fc.property(listings, fc.subarray(["NSE", "BSE", "NFO"], { minLength: 1 }), (all, exchanges) => {
        const chosen = all.filter(isChosen({ symbols: [], exchanges, instrumentTypes: [] }));
        expect(chosen).toEqual(all.filter((one) => exchanges.includes(one.exchange)));
      }),
    );
  });

  it("takes exactly the symbols that are named, whatever exchanges and types say", () => {
    fc.assert(fc.property(listings, fc.subarray(names, { minLength: 1 }), (all, wanted) => {
      const symbols = wanted.map((name) => `NSE: ${name}`);
      const chosen = all.filter(isChosen({ symbols, exchanges: ["BSE"], instrumentTypes: ["FUT"] }));
      expect(chosen).toEqual(
        all.filter((one) => one.exchange === "NSE" && wanted.includes(one.tradingsymbol)),
      );
    }));
  });

  it("says of each unknown or delisted symbol why it is not fetched, and fetches the rest", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA"), row(2, "GONE", { delisted_at: 5 })]);
      const { summary } = yield* at.runWell({ candles: dailyFrom(LISTED) }, {
        symbols: ["NSE:AAA", "NSE:GONE", "NSE:TYPO"],
      });
      expect(summary.outcome).toBe("partial");
      expect(summary.failures.map((failure) => failure.unit)).toEqual(["NSE:GONE", "NSE:TYPO"]);
      expect(summary.failures[0]!.message).toContain("delisted");
      expect(summary.failures[1]!.message).toContain("--dag=instruments");
      expect(at.sink.rows(candles).length).toBeGreaterThan(1_000);
    })));
});

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

  it("001-P7: API errors don't stop processing, 001-P16: Batch failures don't stop processing", () =>
    manyRuns(fc.subarray(names), (broken) =>
      Effect.gen(function* () {
        const at = yield* setting(names.map((name, index) => row(index + 1, name)));
        const { summary } = yield* at.runWell({
          candles: (request) =>
            broken.includes(request.subject.tradingsymbol)
              ? Effect.fail(invalid)
              : dailyFrom(TODAY - 3 * DAY)(request),
        });
        expect(summary.failures.map((failure) => failure.unit).sort()).toEqual(
          broken.map((name) => `NSE:${name}`).sort(),
        );
        const stored = new Set(at.sink.rows(candles).map((one) => one.instrument_id));
        expect([...stored].sort()).toEqual(
          names.flatMap((name, index) => broken.includes(name) ? [] : [index + 1]),
        );
        expect(summary.outcome).toBe(
          broken.length === 0 ? "done" : broken.length === names.length ? "failed" : "partial",
        );
      })));

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
                return dailyFrom(LISTED)(request);
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

  it("001-P15: Batch commits are transactional: whatever breaks, coverage claims nothing that is not stored", () =>
    manyRuns(
      fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom("candles", "coverage", "source")),
      ([after, where]) =>
        Effect.gen(function* () {
          let calls = 0;
          const breaks = () => calls++ >= after;
          const storeFault = failing(new PluginError.Store({ message: "no", fault: "constraint" }));
          const sink = yield* memorySink({
            before: (operation) =>
              (operation.kind === "upsert" && operation.dataset === candles.name && where === "candles" ||
                  operation.kind === "replace" && where === "coverage") && breaks()
                ? Effect.fail(storeFault)
                : Effect.void,
          });
          yield* TestClock.setTime(NOW);
          yield* sink.ensure(master);
          yield* sink.upsert(master, names.map((name, index) => row(index + 1, name)));
          const source = pretendSource({
            candles: (request) =>
              where === "source" && breaks() ? Effect.fail(invalid) : dailyFrom(LISTED)(request),
          });
          yield* plugin.run(defaults).pipe(
            Effect.provideContext(yield* governed(source.services)),
            Effect.provideService(Sink.Sink, sink),
          );
          for (const [index] of names.entries()) {
            const covered = sink.rows(coverage).filter((one) => one.instrument_id === index + 1);
            const ranges = RangeSet.fromRanges(
              covered.map((one) => ({ from: one.range_start, to: one.range_end })),
            );
            const stored = sink.rows(candles).filter((one) => one.instrument_id === index + 1).map((one) =>
              one.ts
            );
            const expected: Array<number> = [];
            for (let ts = LISTED; ts <= TODAY; ts += DAY) {
              if (RangeSet.contains(ranges, ts)) expected.push(ts);
            }
            expect(stored).toEqual(expected);
          }
        }),
    ));

  it("asks only for what is missing, and never again for a range once asked for", () =>
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
            expect(RangeSet.fromRanges(asked)).toEqual(RangeSet.difference(wanted, known));
            known = RangeSet.union(known, wanted);
          }
        }),
    ));

  it("stores nothing of an answer that leaves the range, is out of order or repeats a candle", () =>
    onTestClock(Effect.gen(function* () {
      const wrong = [
        (request: Source.CandleRequest) => [candle(request.to)],
        (request: Source.CandleRequest) => [candle(request.from - 1)],
        (request: Source.CandleRequest) => [candle(request.from + DAY), candle(request.from)],
        (request: Source.CandleRequest) => [candle(request.from), candle(request.from)],
      ];
      for (const answer of wrong) {
        const at = yield* setting([row(1, "AAA")]);
        const { summary, asked } = yield* at.runWell({
          candles: (request) => Effect.succeed({ candles: answer(request), rejected: [] }),
        }, { retryAttempts: 2 });
        expect(summary.outcome).toBe("failed");
        expect(summary.failures[0]).toMatchObject({ unit: "NSE:AAA", reason: "Corrupt" });
        expect(asked.length).toBe(2);
        expect(at.sink.rows(candles)).toEqual([]);
        expect(at.sink.rows(coverage)).toEqual([]);
      }
    })));

  it("tries again what fails for a passing reason", () =>
    onTestClock(Effect.gen(function* () {
      let calls = 0;
      const at = yield* setting([row(1, "AAA")]);
      const { summary, events } = yield* at.runWell({
        candles: (request) => ++calls % 2 === 1 ? Effect.fail(unavailable) : dailyFrom(LISTED)(request),
      });
      expect(summary.outcome).toBe("done");
      expect(events.filter((event) => event._tag === "Retrying").length).toBe(calls / 2);
    })));

  it("stops at once when the vendor refuses the token, and keeps what is stored", () =>
    onTestClock(Effect.gen(function* () {
      const refused = failing(new PluginError.Unauthorized({ message: "token expired", hint: "log in" }));
      const at = yield* setting(names.map((name, index) => row(index + 1, name)));
      const { exit, asked } = yield* at.run({
        candles: (request) =>
          request.subject.tradingsymbol === "AAA" ? dailyFrom(LISTED)(request) : Effect.fail(refused),
      }, { parallelism: 1 });
      expect(Exit.isFailure(exit)).toBe(true);
      expect(new Set(asked.map((request) => request.subject.tradingsymbol))).toEqual(new Set(["AAA", "BBB"]));
      expect(new Set(at.sink.rows(candles).map((one) => one.instrument_id))).toEqual(new Set([1]));
    })));

  it("keeps rejected candles with reason and raw value, once each", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA")]);
      const market: PretendMarket = {
        candles: (request) =>
          Effect.succeed({
            candles: [],
            rejected: request.to > TODAY
              ? [{ reason: "high below low", raw: '["2026-11-20",1,1,2,1,0]' }]
              : [],
          }),
      };
      const { summary } = yield* at.runWell(market);
      yield* TestClock.adjust("2 hours");
      yield* at.runWell(market);
      expect(summary.counts.rejected).toBe(1);
      expect(at.sink.rows(rejectedRecords)).toMatchObject([
        { source: "pretend", dataset: candles.name, reason: "high below low" },
      ]);
    })));

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
        expect(selects.length).toBe(2);
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

  it("names a symbol the way users write it", () => {
    expect(symbolOf(row(1, "M&M"))).toBe("NSE:M&M");
  });
});
