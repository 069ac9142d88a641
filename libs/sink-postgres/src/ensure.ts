import type { Dataset, PluginError, Sink } from "@candlewick/core";
import { Retry } from "@candlewick/core";
import { Effect } from "effect";
import { awaiting, type Connection } from "./connection/Connection.ts";
import type { Session } from "./connection/Session.ts";
import type { Transactions } from "./connection/transactions.ts";
import { type DatabaseError, failure, pluginError } from "./DatabaseError.ts";
import { missingRecord } from "./keeping/records.ts";
import { evolveTable, hasRowsSql, refusals } from "./sql/evolve.ts";
import { definitionFault } from "./sql/names.ts";
import { createTable, readRelation, type Relation, relationSql } from "./sql/table.ts";
import { dropProbe, probeView, replaceView, sameAsProbe } from "./sql/view.ts";
import { makeTimeSeries } from "./timeSeries.ts";

/** All definitions of a database change under one lock, so that two runs never define at once. */
const LOCK = "candlewick definitions";

/** Building an index takes as long as the table is large. */
const UNLIMITED = "select set_config('statement_timeout', '0', true)";

const ask = (connection: Connection, statement: string) =>
  awaiting(connection, () => connection.query(statement));

const relationOf = (
  connection: Connection,
  name: string,
): Effect.Effect<Relation | undefined, DatabaseError> =>
  Effect.flatMap(ask(connection, relationSql(name)), ({ rows }) => readRelation(rows[0]![0]!));

const refuse = (dataset: Dataset.Dataset, reasons: ReadonlyArray<string>): DatabaseError =>
  failure("schema", `table ${dataset.name} does not fit the dataset: ${reasons.join("; ")}`);

/** The statements still to run, found by looking only. */
const missingTable = Effect.fnUntraced(function* (connection: Connection, dataset: Dataset.Dataset) {
  const relation = yield* relationOf(connection, dataset.name);
  if (relation === undefined) return createTable(dataset);
  const obvious = refusals(dataset, relation, false);
  if (obvious.length > 0) return yield* refuse(dataset, obvious);
  const statements = evolveTable(dataset, relation);
  if (statements.length === 0) return statements;
  const { rows } = yield* ask(connection, hasRowsSql(dataset.name));
  const refused = refusals(dataset, relation, rows[0]![0] === "t");
  return refused.length > 0 ? yield* refuse(dataset, refused) : statements;
});

/** Finds the statements still to run. */
type LookFor = (connection: Connection) => Effect.Effect<ReadonlyArray<string>, DatabaseError>;

/** Looks for what is missing, and only when something is, takes the lock, looks again and runs it. */
const defining = Effect.fnUntraced(function* (
  session: Session,
  operation: string,
  lookFor: LookFor,
) {
  if ((yield* session.use(operation, lookFor)).length === 0) return;
  yield* session.lock(operation, LOCK);
  yield* session.use(operation, (connection) =>
    Effect.gen(function* () {
      yield* ask(connection, UNLIMITED);
      for (const statement of yield* lookFor(connection)) yield* ask(connection, statement);
    }));
});

const missingView = Effect.fnUntraced(function* (connection: Connection, view: Dataset.View) {
  for (const { name } of [view.base, view.joined]) {
    if ((yield* relationOf(connection, name)) === undefined) {
      return yield* failure("schema", `view ${view.name} is over ${name}, which was never ensured`);
    }
  }
  const relation = yield* relationOf(connection, view.name);
  if (relation !== undefined && relation.kind !== "v") {
    return yield* failure("schema", `something that is no view has the name ${view.name}`);
  }
  yield* ask(connection, probeView(view));
  const same = (yield* ask(connection, sameAsProbe(view.name))).rows[0]?.[0];
  yield* ask(connection, dropProbe);
  return same === "t" ? [] : replaceView(view, relation !== undefined);
});

const fingerprint = (definition: Dataset.Dataset | Dataset.View): string => JSON.stringify(definition);

export const makeEnsure = (
  transactions: Transactions,
  policy: Retry.RetryPolicy,
): Pick<Sink.Sink["Service"], "ensure" | "ensureView"> & {
  /** From now on looks again at what was ensured before: a restore may have removed it. */
  readonly forget: () => void;
} => {
  /** What this process ensured last under each name. */
  const ensured = new Map<string, string>();
  /** For what the work after was done; once is enough for a process. */
  const followed = new Set<string>();
  const timeSeries = makeTimeSeries(transactions);

  const define = (
    operation: string,
    definition: Dataset.Dataset | Dataset.View,
    lookFor: LookFor,
    after: Effect.Effect<void>,
  ): Effect.Effect<void, PluginError.PluginError> =>
    Effect.gen(function* () {
      if ((yield* transactions.current) !== undefined) {
        return yield* pluginError(operation, "schema", "datasets are ensured before a transaction begins");
      }
      const fault = definitionFault(definition);
      if (fault !== undefined) return yield* pluginError(operation, "schema", fault);
      const print = fingerprint(definition);
      if (ensured.get(definition.name) === print) return;
      const lookForAll: LookFor = (connection) =>
        Effect.zipWith(
          lookFor(connection),
          missingRecord(connection, definition),
          (missing, unrecorded) => [...missing, ...unrecorded],
        );
      yield* Retry.retrying(policy)(
        transactions.within(operation, (session) => defining(session, operation, lookForAll), {
          repeated: true,
        }),
      );
      if (!followed.has(print)) yield* after;
      followed.add(print);
      ensured.set(definition.name, print);
    });

  return {
    ensure: (dataset) =>
      define(
        `ensure ${dataset.name}`,
        dataset,
        (connection) => missingTable(connection, dataset),
        timeSeries(dataset),
      ),
    ensureView: (view) =>
      define(`ensure view ${view.name}`, view, (connection) => missingView(connection, view), Effect.void),
    forget: () => ensured.clear(),
  };
};
