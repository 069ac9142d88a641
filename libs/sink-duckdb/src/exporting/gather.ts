import type { DuckDBAppender, DuckDBDataChunk, DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import type { Native } from "../database/native.ts";
import type { Staged } from "./columns.ts";

/** Rows of a chunk of DuckDB's. */
const CHUNK = 2_048;

/** Puts rows at the end of a table, column by column. Throws what a value or DuckDB makes wrong. */
export class Gatherer {
  readonly #appender: DuckDBAppender;
  readonly #staged: ReadonlyArray<Staged>;
  readonly #chunk: DuckDBDataChunk;
  /** Kept for all chunks: each has a buffer that is not counted as memory to be collected. */
  readonly #vectors: ReadonlyArray<DuckDBVector<DuckDBValue>>;
  #rows = 0;

  constructor(native: Native, appender: DuckDBAppender, staged: ReadonlyArray<Staged>) {
    this.#appender = appender;
    this.#staged = staged;
    this.#chunk = native.DuckDBDataChunk.create(staged.map(({ type }) => type), CHUNK);
    this.#vectors = staged.map((_, column) => this.#chunk.getColumnVector(column));
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  add(rows: ReadonlyArray<Readonly<Record<string, unknown>>>): void {
    for (let at = 0; at < rows.length; at += CHUNK) {
      const end = Math.min(at + CHUNK, rows.length);
      // Gives back the texts of the last rows, which would pile up outside of what is collected.
      this.#chunk.reset();
      this.#chunk.rowCount = end - at;
      for (const [column, { name, stage }] of this.#staged.entries()) {
        const vector = this.#vectors[column]!;
        for (let row = at; row < end; row++) {
          const value = rows[row]![name];
          vector.setItem(row - at, value === null ? null : stage(value));
        }
        vector.flush();
      }
      this.#appender.appendDataChunk(this.#chunk);
    }
    this.#rows += rows.length;
  }
}
