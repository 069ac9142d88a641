import { identifier, identifiers } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { readRecords } from "./records.ts";
import { ask, askRow, transaction } from "./session.ts";
import { alone } from "./upkeepLock.ts";

/** Empties tables that the sink made, in one transaction; the rows removed by table. */
export const truncate = (
  connection: Connection,
  names: ReadonlyArray<string>,
): Effect.Effect<Readonly<Record<string, number>>, DatabaseError> =>
  transaction(
    connection,
    "isolation level read committed",
    Effect.gen(function* () {
      yield* alone(connection);
      const known = (yield* readRecords(connection)).tables.map(({ name }) => name);
      const strange = names.filter((name) => !known.includes(name));
      if (strange.length > 0) {
        return yield* failure("schema", `no table that Candlewick made has the name ${strange.join(", ")}`);
      }
      if (names.length === 0) return {};
      yield* ask(connection, `lock table ${identifiers(names)} in access exclusive mode`);
      const removed = yield* Effect.forEach(
        names,
        (name) =>
          Effect.map(
            askRow(connection, `select count(*) from ${identifier(name)}`),
            ([count]) => [name, Number(count)] as const,
          ),
      );
      yield* ask(connection, `truncate ${identifiers(names)}`);
      return Object.fromEntries(removed);
    }),
  );
