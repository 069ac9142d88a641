import {
  Dataset,
  governed,
  type Instrument,
  instrumentDumps,
  instrumentHistory,
  instrumentMaster,
  type InstrumentRow,
  PluginError,
  rejectedRecords,
  RunEvent,
  Sink,
} from "@candlewick/core";
import {
  inBatches,
  memorySink,
  type MemorySinkOptions,
  type PretendDump,
  pretendInfo,
  type PretendMarket,
  pretendSource,
} from "@candlewick/core/testing";
import { Effect, Exit, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesOf } from "./listing.ts";
import type { Parameters } from "./parameters.ts";
import plugin from "./plugin.ts";
import { equity } from "./testing/equity.ts";

const master = instrumentMaster(pretendInfo);
const history = instrumentHistory(pretendInfo);
const dumps = instrumentDumps(pretendInfo);

const defaults: Parameters = {
  exchanges: [],
  batchSize: 5_000,
  retryAttempts: 3,
  retryDelay: 1_000,
  confirmShrunk: false,
};
type Given = Partial<Parameters>;

const text = fc.string({ minLength: 1, maxLength: 12 });
const decimal = fc.integer({ min: 0, max: 10_000_000 }).map((n) => (n / 10_000).toFixed(4));
const instruments: fc.Arbitrary<Instrument.Instrument> = fc.record({
  token: fc.integer({ min: 1, max: 2 ** 40 }).map(String),
  exchangeToken: fc.option(text),
  tradingsymbol: text,
  name: fc.option(text),
  exchange: fc.constantFrom("NSE", "BSE", "NFO"),
  segment: fc.constantFrom("NSE", "INDICES", "NFO-OPT"),
  instrumentType: fc.constantFrom("EQ", "FUT", "CE", "PE"),
  expiry: fc.option(fc.constantFrom("2026-11-24", "2026-12-29")),
  strike: fc.option(decimal),
  tickSize: fc.option(decimal),
  lotSize: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
});

/** One store and a market that changes between runs. */
const settingOn = Effect.fnUntraced(function* (options: MemorySinkOptions) {
  const sink = yield* memorySink(options);
  let market: PretendMarket = {};
  const run = (given: Given = {}) =>
    Effect.gen(function* () {
      const source = pretendSource(market);
      const events: Array<RunEvent.RunEvent> = [];
      const exit = yield* plugin.run({ ...defaults, ...given }).pipe(
        Effect.provideContext(yield* governed(source.services)),
        Effect.provideService(Sink.Sink, sink),
        Effect.provideService(RunEvent.RunEvents, {
          publish: (event) => Effect.sync(() => void events.push(event)),
        }),
        Effect.exit,
      );
      return { exit, requests: source.requests, events };
    });
  const plan = (given: Given = {}) =>
    Effect.gen(function* () {
      return yield* plugin.plan({ ...defaults, ...given }).pipe(
        Effect.provideContext(yield* governed(pretendSource(market).services)),
        Effect.provideService(Sink.Sink, sink),
      );
    });
  return {
    sink,
    serve: (dump: ReadonlyArray<Instrument.Instrument>, extra: Partial<PretendDump> = {}) => {
      market = {
        dump: (exchange) => ({
          batches: inBatches(dump.filter((one) => exchange === undefined || one.exchange === exchange), 3),
          ...extra,
        }),
      };
    },
    become: (next: PretendMarket) => void (market = next),
    plan,
    run,
    runWell: (given: Given = {}) => Effect.flatMap(run(given), ({ exit }) => exit),
    current: () => sink.rows(master).filter((row: InstrumentRow) => row.delisted_at === null),
  };
});

const setting = settingOn({});

const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));

const failing = (reason: PluginError.Reason) =>
  new PluginError.PluginError({ plugin: "pretend", operation: "instruments", reason });

const manyRuns = <A>(arbitrary: fc.Arbitrary<A>, check: (input: A) => Effect.Effect<void, unknown>) =>
  fc.assert(fc.asyncProperty(arbitrary, (input) => onTestClock(check(input))), { numRuns: 100 });

describe("instruments", () => {
  it("002-P1: authentication precedes data fetching", () =>
    manyRuns(fc.boolean(), (refused) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.become({
          dump: () => ({ batches: inBatches([equity("INFY", 1)]) }),
          ...(refused
            ? {
              authenticate: Effect.fail(
                failing(new PluginError.Unauthorized({ message: "no", hint: "log in" })),
              ),
            }
            : {}),
        });
        const { exit, requests } = yield* at.run();
        expect(requests[0]!.kind).toBe("authenticate");
        expect(requests.length).toBe(refused ? 1 : 2);
        expect(Exit.isFailure(exit)).toBe(refused);
        expect(at.sink.rows(master).length).toBe(refused ? 0 : 1);
      })));

  it("asks for no login where the vendor gives its dump to everyone", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.become({
        info: { open: ["instruments"] },
        dump: () => ({ batches: inBatches([equity("INFY", 1)]) }),
      });
      const { exit, requests } = yield* at.run();
      expect(Exit.isSuccess(exit)).toBe(true);
      expect(requests.map(({ kind }) => kind)).toEqual(["instruments"]);
    })));

  it("002-P16: complete instrument storage", () =>
    manyRuns(
      fc.array(fc.array(instruments, { maxLength: 20 }), { minLength: 1, maxLength: 3 }),
      (days) =>
        Effect.gen(function* () {
          const at = yield* setting;
          for (const day of days) {
            at.serve(day);
            const summary = yield* at.runWell({ confirmShrunk: true });
            expect(at.current().length).toBe(day.length);
            expect(summary.counts.fetched).toBe(day.length);
            yield* TestClock.adjust("1 day");
          }
        }),
    ));

  it("002-P4: Schema transformation correctness, 002-P6: Field mapping completeness, 002-P17: Metadata preservation", () =>
    manyRuns(fc.array(instruments, { minLength: 1, maxLength: 20 }), (day) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.serve(day);
        yield* at.runWell();
        expect(Object.keys(at.current()[0]!).sort()).toEqual([...Dataset.columnNames(master)].sort());
        expect(at.current()).toEqual(day.map((instrument, index) => ({
          instrument_id: index + 1,
          instrument_token: Number(instrument.token),
          exchange: instrument.exchange,
          tradingsymbol: instrument.tradingsymbol,
          exchange_token: instrument.exchangeToken,
          instrument_type: instrument.instrumentType,
          name: instrument.name,
          segment: instrument.segment,
          expiry: instrument.expiry,
          strike: instrument.strike,
          tick_size: instrument.tickSize,
          lot_size: instrument.lotSize,
          last_updated: 0,
          created_at: 0,
          delisted_at: null,
        })));
      })));

  it("keeps tokens that are not numbers as text, where the source says so", () => {
    expect(attributesOf({ ...equity("X", 1), token: "JEERA24" }, "text").instrument_token).toBe("JEERA24");
  });

  it("002-P9: Upsert count logging: new, changed and unchanged add up to what was fetched", () =>
    manyRuns(
      fc.tuple(fc.array(instruments, { maxLength: 15 }), fc.array(instruments, { maxLength: 15 })),
      ([a, b]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          for (const day of [a, [...a.slice(0, 5), ...b], b]) {
            at.serve(day);
            const { counts } = yield* at.runWell();
            expect(counts.inserted! + counts.updated! + counts.unchanged!).toBe(day.length);
            yield* TestClock.adjust("1 day");
          }
        }),
    ));

  it("002-P18: Summary statistics by category", () =>
    manyRuns(fc.array(instruments, { maxLength: 30 }), (day) =>
      Effect.gen(function* () {
        const at = yield* setting;
        at.serve(day);
        const table = (yield* at.runWell()).tables[0]!;
        expect(table.columns).toEqual(["exchange", "instrument_type", "listings"]);
        const total = table.rows[table.rows.length - 1]!;
        expect(total).toEqual(["total", "", day.length]);
        for (const [exchange, type, count] of table.rows.slice(0, -1)) {
          expect(count).toBe(
            day.filter((one) => one.exchange === exchange && one.instrumentType === type).length,
          );
        }
      })));

  it("writes no row of the master when the dump has not changed, and dates the dump itself", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("INFY", 1), equity("TCS", 2)]);
      yield* at.runWell();
      const before = at.sink.rows(master);
      yield* TestClock.adjust("1 day");
      const summary = yield* at.runWell();
      expect(summary.outcome).toBe("nothing");
      expect(at.sink.rows(master)).toEqual(before);
      expect(at.sink.rows(history)).toEqual([]);
      expect(at.sink.rows(dumps)).toMatchObject([{ exchange: "NSE", fetched_at: 86_400_000, listings: 2 }]);
    })));

  it("stores nothing of a dump that breaks off, at the first load and later", () =>
    manyRuns(
      fc.tuple(fc.array(instruments, { maxLength: 12 }), fc.array(instruments, { maxLength: 12 })),
      ([a, b]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          const broken = { error: failing(new PluginError.Corrupt({ message: "no final newline" })) };
          const broke = Effect.gen(function* () {
            const before = at.sink.contents();
            const fiber = yield* Effect.forkChild(at.run({ retryAttempts: 2 }));
            yield* TestClock.adjust("1 hour");
            const { exit, requests } = yield* Fiber.join(fiber);
            expect(Exit.isFailure(exit)).toBe(true);
            expect(requests.filter((request) => request.kind === "instruments").length).toBe(2);
            expect(at.sink.contents()).toEqual(before);
          });
          yield* Effect.forEach([master, history, dumps, rejectedRecords], at.sink.ensure);
          at.serve(a, broken);
          yield* broke;
          at.serve(a);
          yield* at.runWell();
          at.serve(b, broken);
          yield* broke;
        }),
    ));

  it("marks nothing of exchanges that were not fetched", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("INFY", 1), equity("TCS", 2), equity("INFY", 3, "BSE")]);
      yield* at.runWell();
      at.serve([equity("INFY", 1)]);
      const summary = yield* at.runWell({ exchanges: ["NSE"] });
      expect(summary.counts).toMatchObject({ fetched: 1, delisted: 1 });
      expect(at.current().map((row) => `${row.exchange}:${row.tradingsymbol}`)).toEqual([
        "NSE:INFY",
        "BSE:INFY",
      ]);
    })));

  it("asks once for a dump that always holds all exchanges, and keeps the exchanges it was asked for", () =>
    manyRuns(
      fc.tuple(
        fc.array(instruments, { maxLength: 20 }),
        fc.subarray(["NSE", "BSE", "NFO"]),
        fc.constantFrom("exchange" as const, "all" as const),
      ),
      ([day, exchanges, holds]) =>
        Effect.gen(function* () {
          const at = yield* setting;
          at.become({
            info: { dump: { holds, readyAt: "08:30" } },
            dump: (exchange) => ({
              batches: inBatches(day.filter((one) => exchange === undefined || one.exchange === exchange), 3),
            }),
          });
          const { exit, requests } = yield* at.run({ exchanges });
          const wanted = day.filter((one) => exchanges.length === 0 || exchanges.includes(one.exchange));
          expect(Exit.isSuccess(exit) && exit.value.counts.fetched).toBe(wanted.length);
          expect(at.current().map((row) => row.tradingsymbol).sort()).toEqual(
            wanted.map((one) => one.tradingsymbol).sort(),
          );
          const dumpsAsked = requests.filter(({ kind }) => kind === "instruments").length;
          expect(dumpsAsked).toBe(holds === "all" ? 1 : Math.max(1, exchanges.length));
          expect((yield* at.plan({ exchanges })).requests).toBe(requests.length);
        }),
    ));

  it("warns of an exchange that is missing or has shrunk by more than half, and marks it when told to", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("A", 1), equity("B", 2), equity("C", 3), equity("A", 4, "BSE")]);
      yield* at.runWell();
      at.serve([equity("A", 1), equity("NEW", 9)].slice(0, 1));
      const { events, exit } = yield* at.run();
      const warnings = events.filter((event) => event._tag === "Warning").map((event) => event.message);
      expect(warnings.length).toBe(2);
      expect(warnings.join()).toContain("BSE is missing from the dump");
      expect(warnings.join()).toContain("--confirm-shrunk");
      expect(Exit.isSuccess(exit) && exit.value.notes).toEqual(expect.arrayContaining(warnings));
      expect(at.current().length).toBe(4);
      expect(at.sink.rows(dumps).map((row) => [row.exchange, row.complete])).toEqual([["BSE", false], [
        "NSE",
        false,
      ]]);
      const confirmed = yield* at.runWell({ confirmShrunk: true });
      expect(confirmed.counts.delisted).toBe(3);
      expect(at.current().length).toBe(1);
    })));

  it("keeps rejected records with the reason, once each", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      const rejected = [{ reason: "no tradingsymbol", raw: "1,2,,," }, {
        reason: "no tradingsymbol",
        raw: "3,4,,,",
      }];
      at.become({ dump: () => ({ batches: inBatches([equity("INFY", 1)], 10, rejected) }) });
      yield* at.runWell();
      const summary = yield* at.runWell();
      expect(summary.counts.rejected).toBe(2);
      expect(at.sink.rows(rejectedRecords).map((row) => row.raw).sort()).toEqual(["1,2,,,", "3,4,,,"]);
    })));

  it("two imports at once agree: the second sees what the first has stored", () =>
    manyRuns(fc.array(instruments, { minLength: 1, maxLength: 12 }), (day) =>
      Effect.gen(function* () {
        const at = yield* settingOn({ before: () => Effect.yieldNow });
        let fetches = 0;
        at.become({ dump: () => ({ batches: inBatches(fetches++ === 0 ? day : day.toReversed(), 3) }) });
        const summaries = yield* Effect.all([at.runWell(), at.runWell()], { concurrency: 2 });
        expect(at.current().length).toBe(day.length);
        const [first, second] = summaries.map((summary) => summary.counts);
        expect(first!.inserted! + second!.inserted!).toBe(day.length);
        expect(first!.unchanged! + second!.unchanged!).toBe(day.length);
      })));

  it("reports listings that share a token", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting;
      at.serve([equity("WWALUM", 7, "BSE"), equity("WWLEATH", 7, "BSE")]);
      const summary = yield* at.runWell();
      expect(summary.notes.join()).toContain("BSE:WWLEATH");
      expect(at.current().length).toBe(2);
    })));
});
