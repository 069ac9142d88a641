import { type PluginError, type Sink } from "@candlewick/core";
import { Effect, Stream } from "effect";
import { Equality } from "./equality.ts";
import { type Datasets, eachCurrent, nextId } from "./store.ts";

/** The current listings, as one reading of the store found them. */
export interface Holding {
  /** Which imports the store had seen. */
  readonly stamp: string;
  /** The first free instrument id, 1 in an empty store. */
  readonly firstId: number;
  readonly equality: Equality;
  /** Listings by exchange. */
  readonly counts: ReadonlyMap<string, number>;
}

type Service = Sink.Sink["Service"];

/** What the imports so far have left as their record; every import changes it. */
const stampOf = (sink: Service, { dumps }: Datasets): Effect.Effect<string, PluginError.PluginError> =>
  Effect.map(
    Stream.runCollect(sink.select(dumps, { orderBy: ["exchange"] })),
    (batches) => JSON.stringify(batches.flat()),
  );

/** Reads the current listings, of all exchanges or of some. */
export const read = Effect.fnUntraced(function* (
  sink: Service,
  datasets: Datasets,
  exchanges: ReadonlyArray<string>,
) {
  const stamp = yield* stampOf(sink, datasets);
  const firstId = yield* nextId(sink, datasets.master);
  const equality = new Equality();
  const counts = new Map<string, number>();
  yield* eachCurrent(sink, datasets.master, exchanges, (row) => {
    equality.hold(row.instrument_id, row);
    counts.set(row.exchange, (counts.get(row.exchange) ?? 0) + 1);
  });
  return { stamp, firstId, equality, counts } satisfies Holding;
});

/**
 * A holding that still holds: the one given, or a new one when another import came in between. Inside the
 * transaction that keeps others out.
 */
export const refreshed = (
  sink: Service,
  datasets: Datasets,
  exchanges: ReadonlyArray<string>,
  holding: Holding,
): Effect.Effect<Holding, PluginError.PluginError> =>
  Effect.flatMap(
    stampOf(sink, datasets),
    (stamp) => stamp === holding.stamp ? Effect.succeed(holding) : read(sink, datasets, exchanges),
  );
