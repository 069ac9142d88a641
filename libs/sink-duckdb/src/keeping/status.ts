import type { Keeper } from "@candlewick/core";
import { identifier, literal, REGISTRY } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import type { DatabaseError } from "../DatabaseError.ts";
import { stored } from "../sql/quote.ts";
import { databaseOf, tablesOf } from "./tables.ts";

/** The time column of the tables that are time series. */
const TIMES = `select name, definition->>'$.timeSeries.time' as time from ${stored(REGISTRY)}`;

/** What the blocks of a table's columns take; blocks that tables share count for each. Indexes are not told. */
const bytesSql = (table: string) =>
  `select count(distinct block) * (select block_size from pragma_database_size()
      where database_name = current_database()) as bytes
    from (select unnest(list_append(additional_block_ids, block_id)) as block
      from pragma_storage_info(${literal(table)}))
    where block >= 0`;

const statusOf = Effect.fnUntraced(function* (
  connection: Connection,
  name: string,
  time: string | undefined,
): Effect.fn.Return<Keeper.TableStatus, DatabaseError> {
  const span = time === undefined
    ? ""
    : `, epoch_ms(min(${identifier(time)})) as first, epoch_ms(max(${identifier(time)})) as last`;
  const [counted] = yield* connection.query(`select count(*) as n${span} from ${stored(name)}`);
  const [blocks] = yield* connection.query(bytesSql(name));
  const { first, last, n } = counted ?? {};
  return {
    name,
    rows: Number(n),
    bytes: Number(blocks?.["bytes"] ?? 0),
    ...(typeof first === "number" && typeof last === "number" ? { span: { first, last } } : {}),
  };
});

/** Bytes of the file and of its log. */
const sizeOf = (path: string): Effect.Effect<number> =>
  Effect.promise(async () => {
    const sizes = [path, `${path}.wal`].map((name) => Deno.stat(name).then(({ size }) => size, () => 0));
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  });

/** What the tables of this sink hold. */
export const status = Effect.fnUntraced(function* (
  connection: Connection,
  path: string,
): Effect.fn.Return<Keeper.StoreStatus, DatabaseError> {
  const names = yield* tablesOf(connection, yield* databaseOf(connection));
  const times = names.length === 0 ? [] : yield* connection.query(TIMES);
  const timeOf = new Map(times.map(({ name, time }) => [String(name), time]));
  const tables = yield* Effect.forEach(names, (name) => {
    const time = timeOf.get(name);
    return statusOf(connection, name, typeof time === "string" ? time : undefined);
  });
  return { bytes: yield* sizeOf(path), tables };
});
