import type { Dataset, PluginError, Sink } from "@candlewick/core";
import { Effect } from "effect";
import type { Connection } from "./database/Connection.ts";
import type { Transactions } from "./database/transactions.ts";
import { type DatabaseError, failure, pluginError } from "./DatabaseError.ts";
import { evolveTable, hasRowsSql, refusals } from "./sql/evolve.ts";
import { definitionFault } from "./sql/names.ts";
import {
  createOwn,
  createTable,
  definitionSql,
  hasOwnSql,
  readRelation,
  type Relation,
  relationSql,
} from "./sql/table.ts";
import { makeView } from "./sql/view.ts";

/** What the file holds under a name; undefined for nothing. */
const relationOf = Effect.fnUntraced(function* (
  connection: Connection,
  name: string,
): Effect.fn.Return<Relation | undefined, DatabaseError> {
  const [row] = yield* connection.query(relationSql(name));
  if (row === undefined) return undefined;
  const [known] = yield* connection.query(definitionSql(name));
  return yield* readRelation(name, row, known?.["definition"]);
});

const remembering = Effect.fnUntraced(function* (connection: Connection) {
  const [answer] = yield* connection.query(hasOwnSql);
  if (answer?.["is_there"] !== true) yield* connection.run(createOwn);
});

const refuse = (dataset: Dataset.Dataset, reasons: ReadonlyArray<string>): DatabaseError =>
  failure("schema", `table ${dataset.name} does not fit the dataset: ${reasons.join("; ")}`);

const ensureTable = Effect.fnUntraced(function* (connection: Connection, dataset: Dataset.Dataset) {
  yield* remembering(connection);
  const relation = yield* relationOf(connection, dataset.name);
  if (relation === undefined) return createTable(dataset);
  const [answer] = relation.isView ? [] : yield* connection.query(hasRowsSql(dataset.name));
  const hasRows = answer?.["has_rows"] === true;
  const refused = refusals(dataset, relation, hasRows);
  return refused.length > 0 ? yield* refuse(dataset, refused) : evolveTable(dataset, relation, hasRows);
});

const ensureView = Effect.fnUntraced(function* (connection: Connection, view: Dataset.View) {
  yield* remembering(connection);
  for (const { name } of [view.base, view.joined]) {
    const relation = yield* relationOf(connection, name);
    if (relation?.definition === undefined) {
      return yield* failure("schema", `view ${view.name} is over ${name}, which was never ensured`);
    }
  }
  const relation = yield* relationOf(connection, view.name);
  if (relation !== undefined && !relation.isView) {
    return yield* failure("schema", `something that is no view has the name ${view.name}`);
  }
  return makeView(view);
});

/** `changed` is told of every table that was defined. */
export const makeEnsure = (
  transactions: Transactions,
  changed: (table: string) => void,
): Pick<Sink.Sink["Service"], "ensure" | "ensureView"> => {
  /** What this sink ensured last under each name. */
  const ensured = new Map<string, string>();

  const define = (
    operation: string,
    definition: Dataset.Dataset | Dataset.View,
    statementsFor: (connection: Connection) => Effect.Effect<ReadonlyArray<string>, DatabaseError>,
  ): Effect.Effect<void, PluginError.PluginError> =>
    Effect.gen(function* () {
      if ((yield* transactions.current) !== undefined) {
        return yield* pluginError(operation, "schema", "datasets are ensured before a transaction begins");
      }
      const fault = definitionFault(definition);
      if (fault !== undefined) return yield* pluginError(operation, "schema", fault);
      const print = JSON.stringify(definition);
      if (ensured.get(definition.name) === print) return;
      yield* transactions.within(operation, (session) =>
        session.use(operation, (connection) =>
          Effect.flatMap(
            statementsFor(connection),
            (statements) => Effect.forEach(statements, (one) => connection.run(one), { discard: true }),
          )));
      changed(definition.name);
      ensured.set(definition.name, print);
    });

  return {
    ensure: (dataset) =>
      define(`ensure ${dataset.name}`, dataset, (connection) => ensureTable(connection, dataset)),
    ensureView: (view) =>
      define(`ensure view ${view.name}`, view, (connection) => ensureView(connection, view)),
  };
};
