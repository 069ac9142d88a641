import type { DuckDBDataChunk, DuckDBType } from "@duckdb/node-api";
import type { Dataset } from "@candlewick/core";
import type { AnyRow } from "@candlewick/sql-store";
import type { Native } from "../database/native.ts";
import { jsonText } from "./json.ts";
import { dayNumber, microsOf } from "./time.ts";

/** Rows of one chunk: what DuckDB works on at a time. */
export const CHUNK = 2_048;

interface Codec {
  readonly type: (native: Native) => DuckDBType;
  /** The item of a vector for a value that fits its column and is not null. */
  readonly item: (native: Native) => (value: never) => unknown;
}

const codecs: { readonly [T in Dataset.ColumnType]: Codec } = {
  int32: { type: (native) => native.INTEGER, item: () => (value: number) => value },
  int64: { type: (native) => native.BIGINT, item: () => (value: number) => BigInt(value) },
  // That a double stands for it was checked with the row. Minus zero is zero.
  decimal: { type: (native) => native.DOUBLE, item: () => (value: string) => Number(value) + 0 },
  text: { type: (native) => native.VARCHAR, item: () => (value: string) => value },
  boolean: { type: (native) => native.BOOLEAN, item: () => (value: boolean) => value },
  date: {
    type: (native) => native.DATE,
    item: ({ DuckDBDateValue }) => (value: string) => new DuckDBDateValue(dayNumber(value)),
  },
  timestamp: {
    type: (native) => native.TIMESTAMPTZ,
    item: ({ DuckDBTimestampTZValue }) => (value: number) => new DuckDBTimestampTZValue(microsOf(value)),
  },
  json: { type: (native) => native.VARCHAR, item: () => (value: unknown) => jsonText(value) },
};

/** A vector whose items are of whatever type the column's codec makes. */
interface AnyVector {
  readonly setItem: (index: number, item: unknown) => void;
  readonly flush: () => void;
}

/**
 * Fills chunks column by column with rows whose values fit; one chunk is used again and again, so that memory outside
 * the reach of the garbage collector does not pile up.
 */
export class ChunkWriter {
  readonly #columns: ReadonlyArray<{ readonly name: string; readonly item: (value: unknown) => unknown }>;
  readonly #chunk: DuckDBDataChunk;

  constructor(native: Native, columns: Dataset.Columns) {
    const entries = Object.entries(columns);
    this.#columns = entries.map(([name, { type }]) => ({
      name,
      item: codecs[type].item(native) as (value: unknown) => unknown,
    }));
    this.#chunk = native.DuckDBDataChunk.create(entries.map(([, { type }]) => codecs[type].type(native)));
  }

  /** At most `CHUNK` rows from `from` on; good until the next call. */
  write(rows: ReadonlyArray<AnyRow>, from: number): DuckDBDataChunk {
    const chunk = this.#chunk;
    chunk.reset();
    const count = Math.min(CHUNK, rows.length - from);
    chunk.rowCount = count;
    this.#columns.forEach(({ item, name }, at) => {
      const vector = chunk.getColumnVector(at) as AnyVector;
      for (let i = 0; i < count; i++) {
        const value = rows[from + i]![name];
        vector.setItem(i, value === null ? null : item(value));
      }
      vector.flush();
    });
    return chunk;
  }
}
