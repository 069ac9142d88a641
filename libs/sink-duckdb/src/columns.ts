import { ColumnValue, type Dataset } from "@candlewick/core";
import { isStorable } from "./codec/decimal.ts";
import { jsonText } from "./codec/json.ts";

type ColumnType = Dataset.ColumnType;

/** A row of a dataset with its types worn off. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** The DuckDB type of a column, as its catalog prints it. */
export const sqlTypes: { readonly [T in ColumnType]: string } = {
  int32: "INTEGER",
  int64: "BIGINT",
  decimal: "DOUBLE",
  text: "VARCHAR",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP WITH TIME ZONE",
  json: "JSON",
};

/** What DuckDB holds: less than JavaScript in decimals, of which doubles stand for some, and inside JSON. */
const fits: ColumnValue.Fits = {
  ...ColumnValue.fits,
  decimal: isStorable,
  json: (value) => jsonText(value) !== undefined,
};

const byKind = ColumnValue.faultBy(ColumnValue.fits);
const byStore = ColumnValue.faultBy(fits);

/** What is wrong with a value for a column; `undefined` when it may be stored. */
export const faultOf = (column: Dataset.Column, value: unknown): string | undefined => {
  const fault = byStore(column, value);
  return fault !== undefined && column.type === "decimal" && byKind(column, value) === undefined
    ? `has more digits than a double holds exactly: ${ColumnValue.shown(value)}`
    : fault;
};

/** What is wrong with a value for a condition: it need not be one that the column can hold. */
export const conditionFault = byKind;

const textOf = (type: ColumnType, value: unknown): string =>
  type === "timestamp" ? new Date(Number(value)).toISOString() : String(value);

/** A key for people: `instrument_id=5, interval=day, ts=2024-01-01T00:00:00.000Z`. */
export const describeKey = (dataset: Dataset.Dataset, row: AnyRow): string =>
  dataset.key.map((name) => {
    const column = dataset.columns[name]!;
    const value = row[name];
    const plain = byKind(column, value) === undefined ? textOf(column.type, value) : String(value);
    return `${name}=${ColumnValue.shown(plain)}`;
  }).join(", ");
