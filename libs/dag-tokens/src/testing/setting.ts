import {
  governed,
  instrumentDumps,
  instrumentMaster,
  type InstrumentRow,
  type MarketTime,
  rejectedRecords,
  RunEvent,
  Sink,
  type Source,
} from "@candlewick/core";
import { memorySink, type MemorySinkOptions, pretendInfo, pretendSource } from "@candlewick/core/testing";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { derivations, strikeDistribution, tokens } from "../datasets.ts";
import { type Parameters, parameters } from "../parameters.ts";
import plugin from "../plugin.ts";
import { underlyings } from "./market.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A Friday morning in India, after the dump of the day was ready. */
export const NOW = Date.parse("2026-11-20T10:00:00+05:30");
/** When the stored dump was fetched. */
export const FETCHED = Date.parse("2026-11-20T09:05:00+05:30");

export const info: Source.SourceInfo = { ...pretendInfo, underlyings };

export const tables = (at: Pick<Source.SourceInfo, "id" | "tokenType"> = info) => ({
  master: instrumentMaster(at),
  dumps: instrumentDumps(at),
  tokens: tokens(at),
  strikes: strikeDistribution(at),
  derivations: derivations(at),
  rejected: rejectedRecords,
});

export const defaults = Object.fromEntries(
  Object.entries(parameters).map(([key, { fallback }]) => [key, fallback]),
) as unknown as Parameters;

/** The record that an import leaves of a dump. */
export const dump = (exchange: string, fetched_at = FETCHED) => ({
  exchange,
  fetched_at,
  listings: 1,
  complete: true,
});

/** A store with a master fetched this morning; `run` derives, `fetch` does what `instruments` would. */
export const setting = Effect.fnUntraced(function* (
  listings: ReadonlyArray<InstrumentRow>,
  options: MemorySinkOptions & { readonly info?: Partial<Source.SourceInfo>; readonly now?: number } = {},
) {
  const now = options.now ?? NOW;
  yield* TestClock.setTime(now);
  const sink = yield* memorySink(options);
  const own = { ...info, ...options.info };
  const at = tables(own);
  for (const dataset of Object.values(at)) yield* sink.ensure(dataset);
  const fetch = Effect.fnUntraced(function* (rows: ReadonlyArray<InstrumentRow>, fetchedAt: number) {
    yield* sink.replace(at.master, [], rows);
    yield* sink.upsert(at.dumps, [dump("NFO", fetchedAt), dump("NSE", fetchedAt)]);
  });
  yield* fetch(listings, Math.min(FETCHED, now));
  const source = pretendSource({ info: own });
  const events: Array<RunEvent.RunEvent> = [];
  const services = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
    return yield* effect.pipe(
      Effect.provideContext(yield* governed(source.services)),
      Effect.provideService(Sink.Sink, sink),
      Effect.provideService(RunEvent.RunEvents, {
        publish: (event) => Effect.sync(() => void events.push(event)),
      }),
    );
  });
  return {
    sink,
    tables: at,
    requests: source.requests,
    events,
    fetch,
    prerequisites: (given: Partial<Parameters> = {}) =>
      services(plugin.prerequisites({ ...defaults, ...given })),
    plan: (given: Partial<Parameters> = {}) => services(plugin.plan({ ...defaults, ...given })),
    run: (given: Partial<Parameters> = {}) => services(plugin.run({ ...defaults, ...given })),
    rows: (type?: string) =>
      sink.rows(at.tokens).filter((row) => type === undefined || row.token_type === type),
  };
});

/** A day and time in India. */
export const india = (day: MarketTime.Day, time: string): number => Date.parse(`${day}T${time}:00+05:30`);

export const onTestClock = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));
