import { identifier, literal } from "@candlewick/sql-store";
import { Effect } from "effect";
import { openAlone } from "../database/alone.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";

export type Rows = Readonly<Record<string, number>>;

const TABLES = (database: string) =>
  `select schema_name, table_name from duckdb_tables() where database_name = ${
    literal(database)
  } and not internal
  order by all`;

/**
 * Writes all that a database file holds into a new one, and compares the two row for row. Every table and every index
 * is made anew, so no damage goes along. Answers the rows by table.
 */
export const rebuild = (from: string, to: string): Effect.Effect<Rows, DatabaseError> =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* openAlone(":memory:", {});
    yield* connection.run(`attach ${literal(from)} as damaged (read_only)`);
    yield* connection.run(`attach ${literal(to)} as rebuilt`);
    yield* connection.run("copy from database damaged to rebuilt");
    const rows: Record<string, number> = {};
    for (const { schema_name, table_name } of yield* connection.query(TABLES("damaged"))) {
      const table = `${identifier(String(schema_name))}.${identifier(String(table_name))}`;
      const sumOf = (database: string) =>
        connection.query(
          `select count(*) as n, coalesce(bit_xor(hash(t)), 0)::varchar as every from ${database}.${table} t`,
        );
      const [before] = yield* sumOf("damaged");
      const [after] = yield* sumOf("rebuilt");
      if (before?.["n"] !== after?.["n"] || before?.["every"] !== after?.["every"]) {
        return yield* failure("schema", `the rebuilt table ${String(table_name)} is not what it was`);
      }
      rows[String(table_name)] = Number(after?.["n"]);
    }
    yield* connection.run("checkpoint rebuilt");
    yield* connection.run("detach rebuilt");
    return rows;
  }));
