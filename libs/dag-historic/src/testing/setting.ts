import {
  Calendar,
  type Candle,
  candleCoverage,
  candleHistory,
  governed,
  instrumentMaster,
  type InstrumentRow,
  PluginError,
  RunEvent,
  Sink,
  type Source,
} from "@candlewick/core";
import {
  memorySink,
  type MemorySinkOptions,
  pretendInfo,
  type PretendMarket,
  pretendSource,
} from "@candlewick/core/testing";
import { Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { type Parameters, parameters } from "../parameters.ts";
import plugin from "../plugin.ts";

export { listing as row } from "@candlewick/core/testing";

export const DAY = 86_400_000;
export const NOW = Date.parse("2026-11-20T12:00:00Z");
/** Midnight in India before `NOW`. */
export const TODAY = Date.parse("2026-11-20T00:00:00+05:30");

export const master = instrumentMaster(pretendInfo);
export const candles = candleHistory(pretendInfo);
export const coverage = candleCoverage(pretendInfo);

export const defaults = Object.fromEntries(
  Object.entries(parameters).map(([key, setting]) => [key, setting.fallback]),
) as unknown as Parameters;

export const candle = (ts: number, price = ts / DAY): Candle.Candle => ({
  ts,
  open: price.toFixed(2),
  high: (price + 1).toFixed(2),
  low: (price - 1).toFixed(2),
  close: price.toFixed(2),
  volume: 100,
  oi: null,
});

/** A candle for each day of the market from `listed` on; days begin at midnight in India. */
export const dailyFrom = (listed: number) => (request: Source.CandleRequest) =>
  Effect.sync(() => {
    const first = Math.max(listed, request.from);
    const found: Array<Candle.Candle> = [];
    for (let ts = TODAY - Math.floor((TODAY - first) / DAY) * DAY; ts < request.to; ts += DAY) {
      if (ts >= request.from) found.push(candle(ts));
    }
    return { candles: found, rejected: [] };
  });

export const LISTED = Date.parse("2024-01-01T00:00:00+05:30");

export const failing = (reason: PluginError.Reason) =>
  new PluginError.PluginError({ plugin: "pretend", operation: "candles", reason });
export const unavailable = failing(new PluginError.Unavailable({ message: "away" }));
export const invalid = failing(new PluginError.Invalid({ message: "no such token" }));

/** A run without calendars: days end at midnight. */
export const noCalendars: (typeof Calendar.Calendars)["Service"] = {
  of: () => Effect.undefined,
  exchanges: [],
};

export const setting = (
  listings: ReadonlyArray<InstrumentRow>,
  options: MemorySinkOptions & { readonly calendars?: (typeof Calendar.Calendars)["Service"] } = {},
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(NOW);
    const sink = yield* memorySink(options);
    yield* sink.ensure(master);
    yield* sink.upsert(master, listings);
    const run = (market: PretendMarket, given: Partial<Parameters> = {}) =>
      Effect.gen(function* () {
        const source = pretendSource(market);
        const events: Array<RunEvent.RunEvent> = [];
        const fiber = yield* plugin.run({ ...defaults, ...given }).pipe(
          Effect.provideContext(yield* governed(source.services)),
          Effect.provideService(Sink.Sink, sink),
          Effect.provideService(Calendar.Calendars, options.calendars ?? noCalendars),
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

export const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));

export const manyRuns = <A>(arbitrary: fc.Arbitrary<A>, check: (input: A) => Effect.Effect<void, unknown>) =>
  fc.assert(fc.asyncProperty(arbitrary, (input) => onTestClock(check(input))), { numRuns: 100 });

export const names = ["AAA", "BBB", "CCC", "DDD", "EEE"];
