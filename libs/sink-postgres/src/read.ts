import type { Dataset, PluginError } from "@candlewick/core";
import { type AnyRow, type Asked, columnsOf } from "@candlewick/sql-store";
import { Cause, Effect, Stream } from "effect";
import { fromText, textRows } from "./codec/textRows.ts";
import { awaiting, type Connection } from "./connection/Connection.ts";
import type { Session } from "./connection/Session.ts";
import type { Transactions } from "./connection/transactions.ts";
import { during, pluginError } from "./DatabaseError.ts";
import { selectionFault, selectSql } from "./sql/select.ts";

type Batches = Stream.Stream<ReadonlyArray<AnyRow>, PluginError.PluginError>;

type Typed = ReadonlyArray<readonly [name: string, type: Dataset.ColumnType]>;

/** Rows that a cursor gives at a time. */
const FETCH = 1_000;

/** COPY is the fastest way out of the server, and holds a connection of its own until the last row. */
const copied = (transactions: Transactions, operation: string, select: string, columns: Typed): Batches =>
  Stream.unwrap(Effect.gen(function* () {
    const connection = yield* transactions.borrow(operation);
    const copy = connection.copyOut(`copy (${select}) to stdout`);
    let ended = false;
    yield* Effect.addFinalizer(() => ended ? Effect.void : Effect.promise(() => connection.drain(copy)));
    const read = textRows(columns);
    const next = Effect.mapError(
      transactions.diagnosing(operation, connection, awaiting(connection, () => copy.next())),
      during(operation),
    );
    return Stream.fromPull(Effect.succeed(Effect.flatMap(next, (lines) => {
      if (lines !== undefined) return Effect.succeed([read(lines)] as const);
      ended = true;
      return Cause.done();
    })));
  }));

let cursors = 0;

/** Inside a transaction a cursor leaves the connection free between its rows. */
const fetched = (session: Session, operation: string, select: string, columns: Typed): Batches =>
  Stream.unwrap(Effect.gen(function* () {
    const cursor = `candlewick_cursor_${++cursors}`;
    const ask = (connection: Connection, statement: string) =>
      awaiting(connection, () => connection.query(statement));
    yield* session.use(
      operation,
      (connection) => ask(connection, `declare ${cursor} no scroll cursor for ${select}`),
    );
    // Left open, it is closed with the transaction.
    yield* Effect.addFinalizer(() =>
      Effect.ignore(session.use(operation, (connection) => ask(connection, `close ${cursor}`)))
    );
    const toRow = (values: ReadonlyArray<string | null>): AnyRow => {
      const row: Record<string, unknown> = {};
      columns.forEach(([name, type], i) => {
        const value = values[i]!;
        row[name] = value === null ? null : fromText[type](value);
      });
      return row;
    };
    const next = Effect.flatMap(
      session.use(operation, (connection) => ask(connection, `fetch forward ${FETCH} from ${cursor}`)),
      ({ rows }) => rows.length === 0 ? Cause.done() : Effect.succeed([rows.map(toRow)] as const),
    );
    return Stream.fromPull(Effect.succeed(next));
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
    const columns = columnsOf(dataset, asked);
    const select = selectSql(dataset, asked);
    const session = yield* transactions.current;
    return session === undefined
      ? copied(transactions, operation, select, columns)
      : fetched(session, operation, select, columns);
  }));
