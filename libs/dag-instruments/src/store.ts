import {
  instrumentDumps,
  type InstrumentHistory,
  instrumentHistory,
  type InstrumentMaster,
  instrumentMaster,
  type InstrumentRow,
  type PluginError,
  rejectedRecords,
  Sink,
  type Source,
  Where,
} from "@candlewick/core";
import { Effect, Stream } from "effect";

/** The datasets of this job at one source. */
export interface Datasets {
  readonly master: InstrumentMaster;
  readonly history: InstrumentHistory;
  readonly dumps: ReturnType<typeof instrumentDumps>;
}

export const datasetsOf = (info: Source.SourceInfo): Datasets => ({
  master: instrumentMaster(info),
  history: instrumentHistory(info),
  dumps: instrumentDumps(info),
});

export const ensureAll = Effect.fnUntraced(function* (datasets: Datasets) {
  const sink = yield* Sink.Sink;
  for (const dataset of [datasets.master, datasets.history, datasets.dumps, rejectedRecords]) {
    yield* sink.ensure(dataset);
  }
});

/** The next free instrument id, 1 in an empty store. Ids are given in a transaction that holds the master's lock. */
export const nextId = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
): Effect.Effect<number, PluginError.PluginError> =>
  sink.select(master, {
    columns: ["instrument_id"],
    orderBy: [["instrument_id", "desc"]],
    limit: 1,
  }).pipe(
    Stream.runCollect,
    Effect.map((batches) => (batches.flat()[0]?.instrument_id ?? 0) + 1),
  );

/** The columns that a dump describes, with the id. */
const described = [
  "instrument_id",
  "instrument_token",
  "exchange",
  "tradingsymbol",
  "exchange_token",
  "instrument_type",
  "name",
  "segment",
  "expiry",
  "strike",
  "tick_size",
  "lot_size",
] as const;

export type Described = Pick<InstrumentRow, typeof described[number]>;

/** Hands every current listing to `hold`, of all exchanges or of some. */
export const eachCurrent = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  exchanges: ReadonlyArray<string>,
  hold: (row: Described) => void,
): Effect.Effect<void, PluginError.PluginError> => {
  const where = Where.on(master);
  const current = where.isNull("delisted_at");
  return Stream.runForEach(
    sink.select(master, {
      columns: described,
      where: exchanges.length === 0 ? [current] : [current, where.in("exchange", exchanges)],
    }),
    (rows) => Effect.sync(() => rows.forEach(hold)),
  );
};

/** Values looked up at a time. */
const LOOKUP = 5_000;

/** Rows that match one of many values, found piece by piece. */
const lookUp = <A>(
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  values: ReadonlyArray<A>,
  conditions: (piece: ReadonlyArray<A>) => Where.Where,
): Effect.Effect<ReadonlyArray<InstrumentRow>, PluginError.PluginError> => {
  const pieces = Array.from(
    { length: Math.ceil(values.length / LOOKUP) },
    (_, piece) => values.slice(piece * LOOKUP, (piece + 1) * LOOKUP),
  );
  return Effect.map(
    Effect.forEach(pieces, (piece) => Stream.runCollect(sink.select(master, { where: conditions(piece) }))),
    (found) => found.flat(2),
  );
};

/** Listings by id. */
export const listingsOf = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  ids: ReadonlyArray<number>,
) => lookUp(sink, master, ids, (piece) => [Where.on(master).in("instrument_id", piece)]);

/** Delisted listings that bear one of the symbols. */
export const delistedWith = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  tradingsymbols: ReadonlyArray<string>,
) => {
  const where = Where.on(master);
  return lookUp(sink, master, [...new Set(tradingsymbols)], (piece) => [
    where.isNotNull("delisted_at"),
    where.in("tradingsymbol", piece),
  ]);
};
