import type { Dataset, PluginError, Sink, Where } from "@candlewick/core";
import { Sink as SinkModule } from "@candlewick/core";
import type { AnyRow, Job } from "@candlewick/sql-store";
import { Effect, Stream } from "effect";
import type { Session } from "../database/Session.ts";
import type { Transactions } from "../database/transactions.ts";
import { pluginError } from "../DatabaseError.ts";
import { namesFault } from "../sql/names.ts";
import { whereFault } from "../sql/where.ts";
import { BulkWrite } from "./bulk.ts";
import type { Shapes } from "./shapes.ts";

type AnyRows<E, R> = ReadonlyArray<AnyRow> | Stream.Stream<ReadonlyArray<AnyRow>, E, R>;

/** Rows of a stream are gathered to so many before they are written; a stream of fewer is written as an array is. */
const BATCH = 8_192;

const writeStream = <E, R>(
  job: Job,
  session: Session,
  shapes: Shapes,
  batches: Stream.Stream<ReadonlyArray<AnyRow>, E, R>,
): Effect.Effect<Sink.WriteCounts, E | PluginError.PluginError, R> =>
  Effect.gen(function* () {
    const bulk = new BulkWrite(job, session, shapes);
    let waiting: Array<AnyRow> = [];
    let isBegun = false;
    const flush = Effect.suspend(() => {
      const rows = waiting;
      waiting = [];
      isBegun = true;
      return bulk.add(rows);
    });
    return yield* Stream.runForEach(batches, (batch) => {
      for (const row of batch) waiting.push(row);
      return waiting.length >= BATCH ? flush : Effect.void;
    }).pipe(
      Effect.andThen(Effect.suspend(() =>
        isBegun
          ? Effect.andThen(waiting.length > 0 ? flush : Effect.void, bulk.finish)
          : waiting.length === 0 && job.slice === undefined
          ? Effect.succeed(SinkModule.noWrites)
          : bulk.whole(waiting)
      )),
      Effect.onError(() =>
        bulk.giveUp
      ),
    );
  });

export const makeWriter = (transactions: Transactions, shapes: Shapes) =>
<E, R>(
  kind: "upsert" | "replace",
  dataset: Dataset.Dataset,
  slice: Where.Where | undefined,
  rows: AnyRows<E, R>,
): Effect.Effect<Sink.WriteCounts, E | PluginError.PluginError, R> => {
  const operation = `${kind} ${dataset.name}`;
  const job: Job = { operation, dataset, slice };
  return transactions.within(operation, (session): Effect.Effect<
    Sink.WriteCounts,
    E | PluginError.PluginError,
    R
  > => {
    const fault = namesFault(dataset) ?? (slice === undefined ? undefined : whereFault(dataset, slice));
    if (fault !== undefined) return Effect.fail(pluginError(operation, "schema", fault));
    if (Stream.isStream(rows)) return writeStream(job, session, shapes, rows);
    const given = rows as ReadonlyArray<AnyRow>;
    return given.length === 0 && slice === undefined
      ? Effect.succeed(SinkModule.noWrites)
      : new BulkWrite(job, session, shapes).whole(given);
  });
};
