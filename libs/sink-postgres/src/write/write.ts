import type { Dataset, PluginError, Sink, Where } from "@candlewick/core";
import { Retry, Sink as SinkModule } from "@candlewick/core";
import type { AnyRow, Job } from "@candlewick/sql-store";
import { Effect, Stream } from "effect";
import type { Session } from "../connection/Session.ts";
import type { Transactions } from "../connection/transactions.ts";
import { during, pluginError } from "../DatabaseError.ts";
import { namesFault } from "../sql/names.ts";
import { whereFault } from "../sql/where.ts";
import { BulkWrite } from "./bulk.ts";
import { SMALL, writeSmall } from "./small.ts";

type AnyRows<E, R> = ReadonlyArray<AnyRow> | Stream.Stream<ReadonlyArray<AnyRow>, E, R>;

/** Batches of a stream are put together to at least so many rows, for each costs a round trip. */
const BATCH = 1_000;

const writeRows = (job: Job, session: Session, rows: ReadonlyArray<AnyRow>) =>
  Effect.gen(function* () {
    const bulk = yield* Effect.mapError(BulkWrite.ofRows(job, session, rows), during(job.operation));
    yield* bulk.add(rows);
    return yield* bulk.finish(rows);
  });

const writeStream = <E, R>(
  job: Job,
  session: Session,
  batches: Stream.Stream<ReadonlyArray<AnyRow>, E, R>,
): Effect.Effect<Sink.WriteCounts, E | PluginError.PluginError, R> =>
  Effect.gen(function* () {
    const bulk = BulkWrite.ofStream(job, session);
    let waiting: ReadonlyArray<AnyRow> = [];
    yield* Stream.runForEach(batches, (batch) => {
      const rows = waiting.length === 0 ? batch : [...waiting, ...batch];
      const enough = rows.length >= BATCH;
      waiting = enough ? [] : rows;
      return enough ? bulk.add(rows) : Effect.void;
    });
    yield* bulk.add(waiting);
    return yield* bulk.finish([]);
  });

export const makeWriter = (transactions: Transactions, policy: Retry.RetryPolicy) => {
  const write = <E, R>(
    kind: "upsert" | "replace",
    dataset: Dataset.Dataset,
    slice: Where.Where | undefined,
    rows: AnyRows<E, R>,
  ): Effect.Effect<Sink.WriteCounts, E | PluginError.PluginError, R> => {
    const operation = `${kind} ${dataset.name}`;
    const job: Job = { operation, dataset, slice };
    const fault = namesFault(dataset) ?? (slice === undefined ? undefined : whereFault(dataset, slice));
    if (fault !== undefined) {
      return transactions.within(operation, () => Effect.fail(pluginError(operation, "schema", fault)));
    }
    if (Stream.isStream(rows)) {
      // The rows are gone once they were pulled: only the caller can begin again.
      return transactions.within(operation, (session) => writeStream(job, session, rows));
    }
    const given = rows as ReadonlyArray<AnyRow>;
    if (given.length === 0 && slice === undefined) return Effect.succeed(SinkModule.noWrites);
    const whole = given.length <= SMALL
      ? transactions.statement(operation, writeSmall(job, given))
      : transactions.within(operation, (session) => writeRows(job, session, given), { repeated: true });
    return Effect.flatMap(
      transactions.current,
      (session) => session === undefined ? Retry.retrying(policy)(whole) : whole,
    );
  };
  return write;
};
