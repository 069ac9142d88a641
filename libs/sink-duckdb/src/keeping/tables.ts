import { identifier, literal, REGISTRY } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Answer, Connection } from "../database/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";

/** A table of a database that is attached. */
export const tableIn = (database: string, name: string): string =>
  `${identifier(database)}.main.${identifier(name)}`;

const named = (database: string) => `database_name = ${literal(database)} and schema_name = 'main'`;

/** The name under which a connection knows its own file. */
export const databaseOf = (connection: Connection): Effect.Effect<string, DatabaseError> =>
  Effect.map(connection.query("select current_database() as name"), ([row]) => String(row?.["name"]));

/** The tables that this sink made for datasets, by name; those of the user are none of them. */
export const tablesOf = Effect.fnUntraced(function* (
  connection: Connection,
  database: string,
): Effect.fn.Return<ReadonlyArray<string>, DatabaseError> {
  const [own] = yield* connection.query(
    `select 1 from duckdb_tables() where ${named(database)} and table_name = ${literal(REGISTRY)}`,
  );
  if (own === undefined) return [];
  const rows = yield* connection.query(
    `select table_name as name from duckdb_tables() join ${tableIn(database, REGISTRY)} on name = table_name
      where ${named(database)} order by 1`,
  );
  return rows.map(({ name }) => String(name));
});

export const rowsIn = (connection: Connection, table: string): Effect.Effect<number, DatabaseError> =>
  Effect.map(connection.query(`select count(*) as n from ${table}`), ([row]) => Number(row?.["n"]));

const comment = (what: string, text: unknown): ReadonlyArray<string> =>
  typeof text === "string" ? [`comment on ${what} is ${literal(text)}`] : [];

/** Statements that make a table as it is in another database, in the database that is in use. */
const definitionOf = Effect.fnUntraced(function* (
  connection: Connection,
  from: string,
  name: string,
): Effect.fn.Return<
  { readonly table: ReadonlyArray<string>; readonly indexes: ReadonlyArray<string> },
  DatabaseError
> {
  const of = `${named(from)} and table_name = ${literal(name)}`;
  const [table] = yield* connection.query(`select sql, comment from duckdb_tables() where ${of}`);
  if (table === undefined) return yield* failure("schema", `there is no table ${name}`);
  const columns = yield* connection.query(
    `select column_name as name, comment, is_nullable from duckdb_columns() where ${of} order by column_index`,
  );
  const indexes = yield* connection.query(`select sql from duckdb_indexes() where ${of} order by index_name`);
  const plain = `main.${identifier(name)}`;
  return {
    table: [
      String(table["sql"]),
      ...comment(`table ${plain}`, table["comment"]),
      ...columns.flatMap((column: Answer) =>
        comment(`column ${plain}.${identifier(String(column["name"]))}`, column["comment"])
      ),
    ],
    indexes: indexes.map(({ sql }) => String(sql)),
  };
});

/** Makes a table of another database in the one that is in use, rows, comments and indexes included. */
export const copyTable = Effect.fnUntraced(function* (
  connection: Connection,
  from: string,
  name: string,
): Effect.fn.Return<void, DatabaseError> {
  const { indexes, table } = yield* definitionOf(connection, from, name);
  for (const statement of table) yield* connection.run(statement);
  yield* connection.run(`insert into main.${identifier(name)} from ${tableIn(from, name)}`);
  for (const statement of indexes) yield* connection.run(statement);
});

/** Compares a table with that of another database row for row, and fails by name where they differ. */
export const compareTable = Effect.fnUntraced(function* (
  connection: Connection,
  left: string,
  right: string,
  name: string,
): Effect.fn.Return<number, DatabaseError> {
  const [one, other] = [tableIn(left, name), tableIn(right, name)];
  const rows = yield* rowsIn(connection, one);
  const [difference] = yield* connection.query(
    `select (select count(*) from (from ${one} except all from ${other})) as gone,
      (select count(*) from (from ${other} except all from ${one})) as added`,
  );
  if (difference?.["gone"] !== 0 || difference["added"] !== 0) {
    return yield* failure("schema", `the copy of the table ${name} is not what the table is`);
  }
  return rows;
});
