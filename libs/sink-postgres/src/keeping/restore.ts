import type { Keeper } from "@candlewick/core";
import { identifier, identifiers } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { evolveTable, refusals } from "../sql/evolve.ts";
import { createTable, readRelation, type Relation, relationSql } from "../sql/table.ts";
import { type Saved, verify } from "./backups.ts";
import { compare } from "./compare.ts";
import { readRows } from "./files.ts";
import { datasetOf, readRecords, type Records, replaceRecords, type ViewRecord } from "./records.ts";
import { ask, askRow, toItsEnd, transaction } from "./session.ts";
import { alone } from "./upkeepLock.ts";

const relationOf = (
  connection: Connection,
  name: string,
): Effect.Effect<Relation | undefined, DatabaseError> =>
  Effect.flatMap(askRow(connection, relationSql(name)), ([answer]) => readRelation(answer ?? null));

/** Columns of the backup that a table lacks: those that the dataset did not describe, such as a user's own. */
const missingColumns = ({ columns }: Saved["table"], present: ReadonlyArray<string>): string =>
  columns.filter(({ name }) => !present.includes(name))
    .map(({ name, type }) => `add column ${identifier(name)} ${type}`).join(", ");

/** Columns of another type than they were saved from. */
const differing = ({ columns }: Saved["table"], relation: Relation): ReadonlyArray<string> =>
  columns.filter(({ name, type }) =>
    relation.columns.some((column) => column.name === name && column.type !== type)
  )
    .map(({ name }) => name);

/** What must be done to a table before it takes the rows of the backup. */
interface Preparation {
  readonly saved: Saved;
  /** The table, if it is there and fits; else it is made anew. */
  readonly relation: Relation | undefined;
  /** Whether one that does not fit must go first. */
  readonly replaces: boolean;
}

const prepare = Effect.fnUntraced(function* (
  connection: Connection,
  saved: Saved,
  { tables }: Records,
): Effect.fn.Return<Preparation, DatabaseError> {
  const dataset = datasetOf(saved.table.definition);
  const relation = yield* relationOf(connection, dataset.name);
  if (relation === undefined) return { saved, relation, replaces: false };
  if (!tables.some(({ name }) => name === dataset.name)) {
    return yield* failure(
      "schema",
      `${dataset.name} is there, and it is not recorded that Candlewick made it: rename it, or let a run make it known`,
    );
  }
  const fits = refusals(dataset, relation, false).length === 0 &&
    differing(saved.table, relation).length === 0;
  return { saved, relation: fits ? relation : undefined, replaces: !fits };
});

/** Makes a table that takes the rows of the backup, and is empty. */
const makeReady = Effect.fnUntraced(function* (
  connection: Connection,
  { relation, saved: { table } }: Preparation,
): Effect.fn.Return<void, DatabaseError> {
  const dataset = datasetOf(table.definition);
  const name = identifier(dataset.name);
  if (relation !== undefined) yield* ask(connection, `truncate ${name}`);
  for (const statement of relation === undefined ? createTable(dataset) : evolveTable(dataset, relation)) {
    yield* ask(connection, statement);
  }
  const present = [
    ...Object.keys(dataset.columns),
    ...(relation?.columns ?? []).map((column) => column.name),
  ];
  const missing = missingColumns(table, present);
  if (missing !== "") yield* ask(connection, `alter table ${name} ${missing}`);
});

const copyInto = (connection: Connection, { path, table }: Saved): Effect.Effect<void, DatabaseError> =>
  toItsEnd(connection, async () => {
    const columns = identifiers(table.columns.map(({ name }) => name));
    const copy = connection.copyIn(`copy ${identifier(table.definition.name)} (${columns}) from stdin`);
    try {
      for await (const piece of readRows(path)) await copy.write(piece);
    } catch (cause) {
      await copy.abort();
      throw cause;
    }
    await copy.end();
  });

/** Drops tables, and the views that the sink made over them, which the next run makes again; answers the views left. */
const drop = Effect.fnUntraced(function* (
  connection: Connection,
  { views }: Records,
  tables: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyArray<ViewRecord>, DatabaseError> {
  const isOver = ({ over }: ViewRecord) => over.some((name) => tables.includes(name));
  const gone = views.filter(isOver).map(({ name }) => name);
  if (gone.length > 0) yield* ask(connection, `drop view ${identifiers(gone)}`);
  if (tables.length > 0) yield* ask(connection, `drop table ${identifiers(tables)}`);
  return views.filter((view) => !isOver(view));
});

/**
 * Makes the tables what they are in the backup, which is read and found whole before anything else. One transaction,
 * which commits when all rows have been read back and are those of the backup.
 */
export const restore = Effect.fnUntraced(function* (
  connection: Connection,
  backup: Keeper.Backup,
): Effect.fn.Return<void, DatabaseError> {
  const saved = yield* verify(backup.path);
  const wanted = saved.map(({ table }) => table.definition);
  yield* transaction(
    connection,
    "isolation level read committed",
    Effect.gen(function* () {
      yield* alone(connection);
      const records = yield* readRecords(connection);
      const preparations = yield* Effect.forEach(saved, (one) => prepare(connection, one, records));
      const unknown = records.tables.map(({ name }) => name)
        .filter((name) => !wanted.some((table) => table.name === name));
      const unfit = preparations.filter(({ replaces }) => replaces)
        .map((one) => one.saved.table.definition.name);
      const views = yield* drop(connection, records, [...unknown, ...unfit]);
      for (const one of preparations) {
        yield* makeReady(connection, one);
        yield* copyInto(connection, one.saved);
      }
      for (const statement of replaceRecords(records.isThere, [...wanted, ...views])) {
        yield* ask(connection, statement);
      }
      for (const one of saved) yield* toItsEnd(connection, () => compare(connection, one));
    }),
  );
});
