import type { Keeper } from "@candlewick/core";
import { identifier, literal } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../connection/Connection.ts";
import type { DatabaseError } from "../DatabaseError.ts";
import { type DatasetRecord, readRecords } from "./records.ts";
import { ask, askRow, transaction } from "./session.ts";
import { sharing } from "./upkeepLock.ts";

/** A table with its indexes and its parts: partitions, chunks of TimescaleDB. */
const sizeSql = (name: string): string =>
  `with recursive parts (oid) as (
     select to_regclass(${literal(identifier(name))})::oid
     union all select inhrelid from pg_inherits join parts on inhparent = parts.oid
   ) select sum(pg_total_relation_size(oid)) from parts`;

/** Rows, counted, and the first and last instant in milliseconds, in one reading of the table. */
const rowsSql = ({ name, timeSeries }: DatasetRecord): string => {
  const instant = (which: "min" | "max") =>
    timeSeries === undefined
      ? "null"
      : `(extract(epoch from ${which}(${identifier(timeSeries.time)}))::numeric * 1000)::bigint`;
  return `select count(*), ${instant("min")}, ${instant("max")} from ${identifier(name)}`;
};

/** Holds the tables as they are defined; rows may come and go. */
export const lockTables = (tables: ReadonlyArray<DatasetRecord>): string | undefined =>
  tables.length === 0
    ? undefined
    : `lock table ${tables.map(({ name }) => identifier(name)).join(", ")} in access share mode`;

/** The state of all tables at one moment. */
export const statusOf = Effect.fnUntraced(function* (
  connection: Connection,
): Effect.fn.Return<Keeper.StoreStatus, DatabaseError> {
  yield* sharing(connection);
  const tables = yield* transaction(
    connection,
    "isolation level repeatable read, read only",
    Effect.gen(function* () {
      const { tables } = yield* readRecords(connection);
      const lock = lockTables(tables);
      if (lock !== undefined) yield* ask(connection, lock);
      return yield* Effect.forEach(
        tables,
        Effect.fnUntraced(function* (table) {
          const [bytes] = yield* askRow(connection, sizeSql(table.name));
          const [rows, first, last] = yield* askRow(connection, rowsSql(table));
          const status: Keeper.TableStatus = {
            name: table.name,
            rows: Number(rows),
            bytes: Number(bytes),
            ...(first == null || last == null ? {} : { span: { first: Number(first), last: Number(last) } }),
          };
          return status;
        }),
      );
    }),
  );
  return { bytes: tables.reduce((sum, { bytes = 0 }) => sum + bytes, 0), tables };
});
