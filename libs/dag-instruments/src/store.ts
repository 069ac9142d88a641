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

/** Hands every current listing to `hold`, of all exchanges or of some. */
export const eachCurrent = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  exchanges: ReadonlyArray<string>,
  hold: (row: InstrumentRow) => void,
): Effect.Effect<void, PluginError.PluginError> => {
  const where = Where.on(master);
  const current = where.isNull("delisted_at");
  return Stream.runForEach(
    sink.select(master, {
      where: exchanges.length === 0 ? [current] : [current, where.in("exchange", exchanges)],
    }),
    (rows) => Effect.sync(() => rows.forEach(hold)),
  );
};

/** Symbols looked up at a time. */
const LOOKUP = 5_000;

/** Delisted listings that bear one of the symbols. */
export const delistedWith = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  tradingsymbols: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<InstrumentRow>, PluginError.PluginError> => {
  const where = Where.on(master);
  const distinct = [...new Set(tradingsymbols)];
  const pieces = Array.from(
    { length: Math.ceil(distinct.length / LOOKUP) },
    (_, piece) => distinct.slice(piece * LOOKUP, (piece + 1) * LOOKUP),
  );
  return Effect.map(
    Effect.forEach(pieces, (symbols) =>
      Stream.runCollect(
        sink.select(master, { where: [where.isNotNull("delisted_at"), where.in("tradingsymbol", symbols)] }),
      )),
    (found) => found.flat(2),
  );
};
