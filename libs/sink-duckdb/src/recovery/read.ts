import { Effect } from "effect";
import { openAlone } from "../database/alone.ts";
import type { DatabaseError } from "../DatabaseError.ts";
import { stored } from "../sql/quote.ts";

/** A table as it was read: its rows, or why it cannot be read. */
export interface ReadTable {
  readonly name: string;
  readonly rows: number | undefined;
  readonly error: string | undefined;
}

/** Reads every value of every table: what DuckDB reads, it compares with the check sums that it wrote. */
const READ_ONLY = { access_mode: "READ_ONLY" };

/** All tables of a database file, each read whole. Fails when the file cannot be opened. Changes nothing in it. */
export const readTables = (path: string): Effect.Effect<ReadonlyArray<ReadTable>, DatabaseError> =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* openAlone(path, READ_ONLY);
    const tables = yield* connection.query(
      "select table_name from duckdb_tables() where not internal and schema_name = 'main' order by table_name",
    );
    return yield* Effect.forEach(tables, ({ table_name }) => {
      const name = String(table_name);
      const sql = `select count(*) as n, bit_xor(hash(t)) as every from ${stored(name)} t`;
      return Effect.match(connection.query(sql), {
        onSuccess: ([answer]): ReadTable => ({ name, rows: Number(answer?.["n"]), error: undefined }),
        onFailure: ({ message }): ReadTable => ({ name, rows: undefined, error: message }),
      });
    });
  }));
