import {
  candleCoverage,
  governed,
  instrumentMaster,
  type InstrumentRow,
  Login,
  Sink,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { dag, openSink, source, values } from "../e2e/workspace.ts";
import { connect, urlIn } from "./psql.ts";
import { median, millis, peakMemory, type Result } from "./result.ts";

const INSTRUMENTS = 100_000;
const ROUNDS = 5;

const row = (id: number): InstrumentRow => ({
  instrument_id: id,
  instrument_token: id * 256 + 1,
  exchange: "NSE",
  tradingsymbol: `SYMBOL${id}`,
  exchange_token: String(id),
  instrument_type: "EQ",
  name: `COMPANY ${id}`,
  segment: "NSE",
  expiry: null,
  strike: "0",
  tick_size: "0.05",
  lot_size: 1,
  last_updated: 0,
  created_at: 0,
  delisted_at: null,
});

function* batches<A>(make: (id: number) => A): Generator<ReadonlyArray<A>> {
  for (let id = 1; id <= INSTRUMENTS; id += 5_000) {
    yield Array.from({ length: Math.min(5_000, INSTRUMENTS + 1 - id) }, (_, index) => make(id + index));
  }
}

/** A store that counts the queries it is asked. */
const counting = (store: Sink.Sink["Service"], onQuery: () => void): Sink.Sink["Service"] => ({
  ...store,
  select: (...args) => {
    onQuery();
    return store.select(...args);
  },
});

const kite = Effect.fnUntraced(function* () {
  const plugin = yield* source("kite");
  return yield* plugin.make(yield* values(plugin.settings, { apiKey: "key", accessToken: "token" }), {
    login: Login.inMemory(),
  });
});

/** Fills a store with instruments that are all up to date. */
export const fill = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink("postgres", directory);
    const { info } = (yield* kite()).session;
    const master = instrumentMaster(info);
    const coverage = candleCoverage(info);
    yield* sink.ensure(master);
    yield* sink.ensure(coverage);
    yield* sink.upsert(master, Stream.fromIterable(batches(row)));
    const now = Date.now();
    yield* sink.upsert(
      coverage,
      Stream.fromIterable(batches((id) => ({
        instrument_id: id,
        interval: "day",
        range_start: Date.parse("1995-01-01T00:00:00+05:30"),
        range_end: now + 86_400_000,
        is_final: true,
        fetched_at: now,
      }))),
    );
    return peakMemory();
  }));

const planOn = Effect.fnUntraced(function* (sink: Sink.Sink["Service"]) {
  const historic = yield* dag("historic");
  // Yesterday is settled whatever the hour, so nothing is missing.
  const to = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  const parameters = yield* values(historic.parameters, { to, exchanges: "", instrumentTypes: "" });
  return historic.plan(parameters).pipe(
    Effect.provideContext(yield* governed(yield* kite())),
    Effect.provideService(Sink.Sink, sink),
  );
});

/** Plans once and tells the memory that took; the store is filled. */
export const planOnce = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    yield* yield* planOn(yield* openSink("postgres", directory));
    return peakMemory();
  }));

/** Plans a run over instruments that are all up to date. */
export const planning = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    yield* fill(directory);
    const store = yield* openSink("postgres", directory);
    let queries = 0;
    const plan = yield* planOn(counting(store, () => queries++));
    const first = yield* plan;
    const times: Array<number> = [];
    queries = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      yield* plan;
      times.push(performance.now() - began);
    }
    const { info } = (yield* kite()).session;
    const master = instrumentMaster(info);
    const coverage = candleCoverage(info);
    const psql = yield* connect(urlIn(store.location));
    const floor = psql === undefined ? undefined : yield* psql.time(`
\\copy (select instrument_id, instrument_token, exchange, tradingsymbol, segment, instrument_type, expiry from ${master.name} where delisted_at is null order by instrument_id) to '/dev/null'
\\copy (select instrument_id, range_start, range_end, is_final, fetched_at from ${coverage.name} where "interval" = 'day') to '/dev/null'
`);
    const elapsed = median(times);
    return {
      name: `planning ${INSTRUMENTS.toLocaleString("en-US")} up-to-date instruments`,
      target: "at most 1 s, a constant number of queries",
      measured: `${millis(elapsed)}, ${queries / ROUNDS} queries, ${first.requests} requests`,
      floor: floor === undefined ? "psql not found" : `psql ${millis(floor)}`,
      ratio: floor === undefined ? "-" : `${(elapsed / floor).toFixed(2)} x`,
      holds: elapsed <= 1_000 && first.requests === 0,
    } satisfies Result;
  }));
