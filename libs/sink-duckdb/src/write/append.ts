import type { DuckDBAppender } from "@duckdb/node-api";
import type { Dataset } from "@candlewick/core";
import type { AnyRow } from "@candlewick/sql-store";
import { Effect } from "effect";
import { CHUNK, ChunkWriter } from "../codec/toChunk.ts";
import type { Connection } from "../database/Connection.ts";
import { type DatabaseError, fromThrown } from "../DatabaseError.ts";

/** Rows that an appender holds back beside those in the table; DuckDB's own measure is ten times this. */
const FLUSH = 10 * CHUNK;

const attempt = (run: () => void): Effect.Effect<void, DatabaseError> =>
  Effect.try({ try: run, catch: fromThrown });

/** Puts rows at the end of a table, chunk by chunk. */
export class Appending {
  readonly #appender: DuckDBAppender;
  readonly #writer: ChunkWriter;
  /** Rows, at most, that the table does not have yet. */
  #held = 0;

  private constructor(appender: DuckDBAppender, writer: ChunkWriter) {
    this.#appender = appender;
    this.#writer = writer;
  }

  static readonly to = (
    connection: Connection,
    columns: Dataset.Columns,
    table: { readonly name: string; readonly isTemporary: boolean },
  ): Effect.Effect<Appending, DatabaseError> =>
    Effect.map(
      connection.appender(table.name, table.isTemporary),
      (appender) => new Appending(appender, new ChunkWriter(connection.native, columns)),
    );

  /** Rows whose values fit their columns. */
  add(rows: ReadonlyArray<AnyRow>): Effect.Effect<void, DatabaseError> {
    return attempt(() => {
      for (let from = 0; from < rows.length; from += CHUNK) {
        this.#appender.appendDataChunk(this.#writer.write(rows, from));
        this.#held += CHUNK;
        if (this.#held < FLUSH) continue;
        this.#appender.flushSync();
        this.#held = 0;
      }
    });
  }

  /** All rows are in the table, as far as the transaction is concerned. */
  readonly finish: Effect.Effect<void, DatabaseError> = attempt(() => this.#appender.closeSync());

  /** Nothing that is still here may go anywhere: left to itself, the appender would put it into the table later. */
  readonly giveUp: Effect.Effect<void> = Effect.ignore(attempt(() => {
    this.#appender.clear();
    this.#appender.closeSync();
  }));
}
