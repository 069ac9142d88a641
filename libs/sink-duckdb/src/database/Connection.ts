import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { Cause, Effect, Stream } from "effect";
import { type DatabaseError, fromThrown } from "../DatabaseError.ts";
import type { Native } from "./native.ts";

/** A row of a query about the database itself. */
export type Answer = Readonly<Record<string, unknown>>;

/** Milliseconds until a statement that is to stop is told so again: it may not have begun the first time. */
const AGAIN = 20;

/** Whole numbers as JavaScript has them; those beyond 2^53 stay `bigint`. */
const plain = (value: unknown): unknown => {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/**
 * One connection to a database, for one statement at a time: the next one would cut a streaming result short
 * without an error. An interrupted effect stops its statement and waits for its end.
 */
export class Connection {
  readonly native: Native;
  readonly #connection: DuckDBConnection;
  readonly #judge: (error: DatabaseError) => DatabaseError;

  /** `judge` sees each error before the caller does, and may say more of it. */
  constructor(
    native: Native,
    connection: DuckDBConnection,
    judge: (error: DatabaseError) => DatabaseError = (error) => error,
  ) {
    this.native = native;
    this.#connection = connection;
    this.#judge = judge;
  }

  /** Runs statements, the results of which are of no interest. */
  run(sql: string): Effect.Effect<void, DatabaseError> {
    return Effect.asVoid(this.#awaiting(() => this.#connection.run(sql)));
  }

  /** All rows of an answer that is small: for catalogs and counts. Dates and times come as DuckDB prints them. */
  query(sql: string): Effect.Effect<ReadonlyArray<Answer>, DatabaseError> {
    return this.#awaiting(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))
      );
    });
  }

  /** The rows of a query in DuckDB's own chunks, as it makes them. Until it ends, the connection is taken. */
  stream(sql: string): Stream.Stream<DuckDBDataChunk, DatabaseError> {
    return Stream.unwrap(Effect.map(
      this.#awaiting(() => this.#connection.stream(sql)),
      (result) => {
        const next = Effect.flatMap(
          this.#awaiting(() => result.fetchChunk()),
          (chunk) => chunk === null || chunk.rowCount === 0 ? Cause.done() : Effect.succeed([chunk] as const),
        );
        return Stream.fromPull(Effect.succeed(next));
      },
    ));
  }

  /** The whole result of a query, kept by DuckDB, in chunks: the connection is free while they are read. */
  materialized(sql: string): Effect.Effect<ReadonlyArray<DuckDBDataChunk>, DatabaseError> {
    return this.#awaiting(async () => await (await this.#connection.run(sql)).fetchAllChunks());
  }

  /** Puts chunks at the end of a table; whoever asks for it closes it. */
  appender(table: string, isTemporary = false): Effect.Effect<DuckDBAppender, DatabaseError> {
    return this.#awaiting(() =>
      this.#connection.createAppender(table, "main", isTemporary ? "temp" : undefined)
    );
  }

  /** Ends the connection, and with it a transaction that is still open. */
  close(): void {
    this.#connection.closeSync();
  }

  #awaiting<A>(begin: () => Promise<A>): Effect.Effect<A, DatabaseError> {
    return Effect.callback<A, DatabaseError>((resume) => {
      const running = begin();
      running.then(
        (value) => resume(Effect.succeed(value)),
        (cause) => resume(Effect.fail(this.#judge(fromThrown(cause)))),
      );
      return Effect.promise(async () => {
        const interrupting = setInterval(() => this.#connection.interrupt(), AGAIN);
        this.#connection.interrupt();
        await running.catch(() => undefined);
        clearInterval(interrupting);
      });
    });
  }
}
