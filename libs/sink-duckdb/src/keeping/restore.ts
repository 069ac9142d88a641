import type { Keeper } from "@candlewick/core";
import { identifier, literal, REGISTRY } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { verify } from "./backups.ts";
import { compareTable, copyTable, databaseOf, tablesOf } from "./tables.ts";

/** The name under which the backup is attached. */
const BACKUP = "candlewick_backup";

/**
 * Makes the tables of this sink what they are in a backup, in one transaction, which compares them row for row before
 * it commits. Tables of the user, and views, stay.
 */
export const restore = (connection: Connection, from: Keeper.Backup): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    yield* verify(from);
    const database = yield* databaseOf(connection);
    yield* connection.run(`attach ${literal(from.path)} as ${BACKUP} (read_only)`);
    const kept = yield* tablesOf(connection, BACKUP);
    const expected = Object.keys(from.tables).sort();
    if (kept.length !== expected.length || kept.some((name, at) => name !== expected[at])) {
      return yield* failure("schema", `the backup ${from.path} does not hold the tables that it says`);
    }
    const present = yield* tablesOf(connection, database);
    const all = kept.length === 0 ? [] : [...kept, REGISTRY];
    yield* connection.run("begin");
    for (const name of present) yield* connection.run(`drop table main.${identifier(name)}`);
    yield* connection.run(`drop table if exists main.${identifier(REGISTRY)}`);
    for (const name of all) {
      yield* copyTable(connection, BACKUP, name);
      const rows = yield* compareTable(connection, database, BACKUP, name);
      if (name !== REGISTRY && rows !== from.tables[name]) {
        return yield* failure(
          "schema",
          `the backup ${from.path} has ${rows} rows of ${name}, and says otherwise`,
        );
      }
    }
    yield* connection.run("commit");
    yield* connection.run(`detach ${BACKUP}`);
  });
