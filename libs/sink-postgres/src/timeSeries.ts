import type { Dataset, PluginError } from "@candlewick/core";
import { Effect } from "effect";
import { awaiting, type Connection } from "./connection/Connection.ts";
import type { Transactions } from "./connection/transactions.ts";
import { during } from "./DatabaseError.ts";
import * as Timescale from "./sql/timescale.ts";

type Run<A> = (connection: Connection) => Effect.Effect<A, PluginError.PluginError>;

const OPERATION = "TimescaleDB";

const ask = (statement: string): Run<ReadonlyArray<string | null> | undefined> => (connection) =>
  Effect.map(awaiting(connection, () => connection.query(statement)), ({ rows }) => rows[0]).pipe(
    Effect.mapError(during(OPERATION)),
  );

/** The version installed in the database, installing it where the server is ready for it. */
const installed: Run<string | undefined> = Effect.fnUntraced(function* (connection: Connection) {
  const found = yield* ask(Timescale.versions)(connection);
  if (found === undefined) return undefined;
  if (found[0] !== null) return found[0];
  const isPreloaded = yield* ask(Timescale.isPreloaded)(connection).pipe(
    Effect.map((row) => row?.[0] === "t"),
    // Not everybody may read that setting.
    Effect.orElseSucceed(() => false),
  );
  if (!isPreloaded) return undefined;
  yield* ask(Timescale.install)(connection);
  return found[1] ?? undefined;
});

/**
 * Makes the tables of time series hypertables where TimescaleDB is there, compressed by segment, and leaves them
 * plain where it is not; the log says which. What TimescaleDB refuses leaves a plain table, which holds the same.
 */
export const makeTimeSeries = (transactions: Transactions) => {
  const convert = (dataset: Dataset.Dataset, series: Dataset.TimeSeries) =>
    Effect.scoped(Effect.gen(function* () {
      const connection = yield* transactions.borrow(OPERATION);
      const version = yield* installed(connection);
      if (version === undefined) {
        return yield* Effect.logInfo(`${dataset.name} is a plain table: TimescaleDB is not installed`);
      }
      yield* ask(Timescale.createHypertable(dataset, series))(connection);
      const kept = Timescale.canWriteCompressed(version)
        ? yield* compression(dataset, series, connection)
        : `not compressed, for TimescaleDB ${version} does not write to compressed rows`;
      yield* Effect.logInfo(`${dataset.name} is a hypertable of TimescaleDB ${version}, ${kept}`);
    })).pipe(
      Effect.catch((error) =>
        Effect.logWarning(`${dataset.name} is a plain table: TimescaleDB refused it: ${error.reason.message}`)
      ),
    );

  /** The Apache edition has no compression. */
  const compression = (dataset: Dataset.Dataset, series: Dataset.TimeSeries, connection: Connection) =>
    Effect.gen(function* () {
      const before = yield* ask(Timescale.isCompressed(dataset))(connection);
      if (before?.[0] !== "t") {
        for (const statement of Timescale.compress(dataset, series)) yield* ask(statement)(connection);
      }
      return `compressed after ${Timescale.COMPRESS_AFTER}`;
    }).pipe(Effect.catch((error) => Effect.succeed(`not compressed: ${error.reason.message}`)));

  return (dataset: Dataset.Dataset): Effect.Effect<void> =>
    dataset.timeSeries === undefined ? Effect.void : convert(dataset, dataset.timeSeries);
};
