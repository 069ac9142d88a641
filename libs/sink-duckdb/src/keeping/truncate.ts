import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { stored } from "../sql/quote.ts";
import { databaseOf, rowsIn, tablesOf } from "./tables.ts";

/** Empties tables of this sink in one transaction; refuses one that is not this sink's. */
export const truncate = Effect.fnUntraced(function* (
  connection: Connection,
  names: ReadonlyArray<string>,
): Effect.fn.Return<Readonly<Record<string, number>>, DatabaseError> {
  const known = yield* tablesOf(connection, yield* databaseOf(connection));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return yield* failure("schema", `no table of Candlewick's: ${unknown.join(", ")}; nothing was removed`);
  }
  const removed: Record<string, number> = {};
  yield* connection.run("begin");
  for (const name of new Set(names)) {
    removed[name] = yield* rowsIn(connection, stored(name));
    yield* connection.run(`delete from ${stored(name)}`);
  }
  yield* connection.run("commit");
  return removed;
});
