import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { Dataset, PluginError } from "@candlewick/core";
import { type AnyRow, type Asked, columnsOf } from "@candlewick/sql-store";
import { Effect, Option, Stream } from "effect";
import { rowsOf } from "./codec/fromChunk.ts";
import type { Session } from "./database/Session.ts";
import type { Transactions } from "./database/transactions.ts";
import { during, pluginError } from "./DatabaseError.ts";
import { selectionFault, selectSql } from "./sql/select.ts";

type Batches = Stream.Stream<ReadonlyArray<AnyRow>, PluginError.PluginError>;

type Decode = ReturnType<typeof rowsOf>;

/** Rows of a selection inside a transaction that are kept in memory; more go by way of a temporary table. */
const KEPT = 20_480;

/** A connection of its own shows one state of the database until the last row, and streams it. */
const streamed = (
  { database }: Transactions,
  operation: string,
  select: string,
  decode: Decode,
): Batches =>
  Stream.unwrap(Effect.map(
    database.connect,
    (connection) => Stream.map(connection.stream(select), decode),
  )).pipe(Stream.mapError(during(operation)));

/** The last value of the last column. */
const lastPlace = (chunks: ReadonlyArray<DuckDBDataChunk>): bigint | undefined => {
  const last = chunks.findLast((chunk) => chunk.rowCount > 0);
  const place = last?.getColumnVector(last.columnCount - 1).getItem(last.rowCount - 1);
  return typeof place === "bigint" ? place : undefined;
};

/**
 * Inside a transaction the connection must be free between the batches, which a streaming result would not survive:
 * a result is kept, by DuckDB in memory when it is small, else in a temporary table.
 */
const kept = (
  session: Session,
  operation: string,
  select: (limit?: number) => string,
  decode: Decode,
): Batches =>
  Stream.unwrap(Effect.gen(function* () {
    const first = yield* session.use(
      operation,
      (connection) => connection.materialized(select(KEPT + 1)),
    );
    const found = first.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    if (found <= KEPT) {
      return Stream.fromIterable(first).pipe(
        Stream.filter((chunk) => chunk.rowCount > 0),
        Stream.rechunk(1),
        Stream.map(decode),
      );
    }
    const table = session.temporary("selection");
    yield* session.use(
      operation,
      (connection) => connection.run(`create temp table ${table} as ${select()}`),
    );
    // Left there, it goes with the transaction's connection.
    yield* Effect.addFinalizer(() =>
      Effect.ignore(session.use(operation, (connection) => connection.run(`drop table temp.${table}`)))
    );
    // Rows of a transaction have places beyond 2^53, and perhaps gaps between them.
    const page = (after: bigint) =>
      session.use(operation, (connection) =>
        connection.materialized(
          `select *, rowid as place from temp.${table} where rowid > ${after} order by rowid limit ${KEPT}`,
        ));
    return Stream.paginate(-1n, (after) =>
      Effect.map(page(after), (chunks) => {
        const rows = chunks.flatMap(decode);
        const place = lastPlace(chunks);
        return [
          rows.length === 0 ? [] : [rows],
          place === undefined || rows.length < KEPT ? Option.none() : Option.some(place),
        ] as const;
      }));
  }));

export const makeReader = (transactions: Transactions) =>
(
  dataset: Dataset.Dataset,
  asked: Asked = {},
): Batches =>
  Stream.unwrap(Effect.gen(function* () {
    const operation = `select ${dataset.name}`;
    const fault = selectionFault(dataset, asked);
    if (fault !== undefined) return yield* pluginError(operation, "schema", fault);
    const decode = rowsOf(columnsOf(dataset, asked));
    const { limit: most = Infinity } = asked;
    const select = (limit = Infinity) => selectSql(dataset, { ...asked, limit: Math.min(most, limit) });
    const session = yield* transactions.current;
    return session === undefined
      ? streamed(transactions, operation, select(), decode)
      : kept(session, operation, select, decode);
  }));
