import type {
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBVector,
} from "@duckdb/node-api";
import type { Dataset } from "@candlewick/core";
import type { AnyRow } from "@candlewick/sql-store";
import { fromDouble } from "./decimal.ts";
import { dayText, instantOf } from "./time.ts";

/** What a row has in JavaScript for an item of a vector that is not null. */
const readers: { readonly [T in Dataset.ColumnType]: (item: never) => unknown } = {
  int32: (item: number) => item,
  int64: (item: bigint) => Number(item),
  decimal: fromDouble,
  text: (item: string) => item,
  boolean: (item: boolean) => item,
  date: (item: DuckDBDateValue) => dayText(item.days),
  timestamp: (item: DuckDBTimestampTZValue) => instantOf(item.micros),
  json: (item: string): unknown => JSON.parse(item),
};

type AnyVector = Pick<DuckDBVector, "getItem">;

/** The rows of a chunk, whose columns are these in this order. */
export const rowsOf = (
  columns: ReadonlyArray<readonly [name: string, type: Dataset.ColumnType]>,
): (chunk: DuckDBDataChunk) => ReadonlyArray<AnyRow> =>
(chunk) => {
  const rows: Array<Record<string, unknown>> = Array.from({ length: chunk.rowCount }, () => ({}));
  columns.forEach(([name, type], at) => {
    const vector = chunk.getColumnVector(at) as AnyVector;
    const read = readers[type] as (item: unknown) => unknown;
    for (let i = 0; i < rows.length; i++) {
      const item = vector.getItem(i);
      rows[i]![name] = item === null ? null : read(item);
    }
  });
  return rows;
};
