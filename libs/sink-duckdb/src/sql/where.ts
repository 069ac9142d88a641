import type { Dataset } from "@candlewick/core";
import {
  comparison,
  type Comparisons,
  type Condition,
  conditionsSql,
  literal,
  type Operator,
  whereFaultBy,
} from "@candlewick/sql-store";
import { bound, toDouble } from "../codec/decimal.ts";
import { jsonText } from "../codec/json.ts";
import { microsOf } from "../codec/time.ts";
import { conditionFault, sqlTypes } from "../columns.ts";
import type { Extent } from "../keys.ts";

/** Longer lists are read as JSON: ten times as fast as an expression for each value. */
const LONG_LIST = 100;

/** Why conditions cannot be asked of the dataset. */
export const whereFault = whereFaultBy(conditionFault);

/** A value that its column can hold and that is not null, as a constant. */
export const constantOf = (type: Dataset.ColumnType, value: unknown): string => {
  switch (type) {
    case "int32":
    case "int64":
      return `${literal(String(value))}::${sqlTypes[type]}`;
    case "boolean":
      return String(value);
    case "decimal":
      return `${literal(String(toDouble(String(value))))}::DOUBLE`;
    case "timestamp":
      return `make_timestamptz(${microsOf(Number(value))}::BIGINT)`;
    case "date":
      return `${literal(String(value))}::DATE`;
    case "text":
      return literal(String(value));
    case "json":
      return `${literal(jsonText(value) ?? "null")}::JSON`;
  }
};

/** How values of a type are written in a JSON list, the type DuckDB reads them with, and what makes them the column's. */
const listed = (
  type: Dataset.ColumnType,
): { readonly item: (value: unknown) => unknown; readonly read: string; readonly made: string } => {
  switch (type) {
    case "decimal":
      return { item: (value) => toDouble(String(value)), read: "DOUBLE", made: "v" };
    case "timestamp":
      return {
        item: (value) => String(microsOf(Number(value))),
        read: "BIGINT",
        made: "make_timestamptz(v)",
      };
    case "json":
      return { item: jsonText, read: "VARCHAR", made: "v::JSON" };
    default:
      return { item: (value) => value, read: sqlTypes[type], made: "v" };
  }
};

const isIn = (type: Dataset.ColumnType, column: string, given: ReadonlyArray<unknown>): string => {
  // No stored value equals a decimal that no double stands for.
  const values = type === "decimal" ? given.filter((value) => toDouble(String(value)) !== undefined) : given;
  if (values.length === 0) return "false";
  if (values.length <= LONG_LIST) {
    return `${column} in (${values.map((value) => constantOf(type, value)).join(", ")})`;
  }
  const { item, made, read } = listed(type);
  const list = literal(JSON.stringify(values.map(item)));
  return `${column} in (select ${made} from (select unnest(from_json(${list}, '["${read}"]')) as v))`;
};

/** A decimal that no double stands for lies between two of them. */
const compareBetween = (column: string, operator: Operator, text: string): string => {
  if (operator === "=") return "false";
  const { isBelow, nearest } = bound(text);
  const double = `'${nearest}'::DOUBLE`;
  return operator === ">="
    ? `${column} ${isBelow ? ">" : ">="} ${double}`
    : `${column} ${isBelow ? "<=" : "<"} ${double}`;
};

const comparisons: Comparisons = {
  isIn,
  compare: (type, column, operator, value) =>
    type === "decimal" && toDouble(String(value)) === undefined
      ? compareBetween(column, operator, String(value))
      : `${column} ${operator} ${constantOf(type, value)}`,
};

/** Conditions as SQL over columns with a prefix such as `t.`; they must have no fault. */
export const whereSql = (
  columns: Dataset.Columns,
  where: ReadonlyArray<Condition>,
  prefix: string,
): string => conditionsSql(columns, where, prefix, comparisons);

/** What is known of keys, column by column, as SQL: DuckDB skips the parts of a table that lie outside. */
export const extentsSql = (
  columns: Dataset.Columns,
  extents: ReadonlyArray<Extent>,
  prefix: string,
): string =>
  whereSql(
    columns,
    extents.flatMap(({ column, greatest, least }): ReadonlyArray<Condition> =>
      comparison(columns[column]!.type)(least, greatest) === 0
        ? [{ op: "eq", column, value: least }]
        : [{ op: "gte", column, value: least }, { op: "lte", column, value: greatest }]
    ),
    prefix,
  );
