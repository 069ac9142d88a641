import { ColumnValue, type Dataset } from "@candlewick/core";
import { describeKeyBy } from "@candlewick/sql-store";
import { isStorable } from "./codec/decimal.ts";
import { jsonText } from "./codec/json.ts";

type ColumnType = Dataset.ColumnType;

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

export const describeKey = describeKeyBy((column, value) =>
  column.type === "timestamp" && byKind(column, value) === undefined
    ? new Date(Number(value)).toISOString()
    : String(value)
);
