import {
  governed,
  type Instrument,
  instrumentDumps,
  instrumentHistory,
  instrumentMaster,
  type InstrumentRow,
  PluginError,
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
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import type { Parameters } from "../parameters.ts";
import plugin from "../plugin.ts";

export const master = instrumentMaster(pretendInfo);
export const history = instrumentHistory(pretendInfo);
export const dumps = instrumentDumps(pretendInfo);

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
export const instruments: fc.Arbitrary<Instrument.Instrument> = fc.record({
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
export const settingOn = Effect.fnUntraced(function* (options: MemorySinkOptions) {
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

export const setting = settingOn({});

export const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));

export const failing = (reason: PluginError.Reason) =>
  new PluginError.PluginError({ plugin: "pretend", operation: "instruments", reason });

export const manyRuns = <A>(arbitrary: fc.Arbitrary<A>, check: (input: A) => Effect.Effect<void, unknown>) =>
  fc.assert(fc.asyncProperty(arbitrary, (input) => onTestClock(check(input))), { numRuns: 100 });
