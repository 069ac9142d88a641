import type { Dataset, Where } from "@candlewick/core";
import { bound, toDouble } from "../codec/decimal.ts";
import { jsonText } from "../codec/json.ts";
import { microsOf } from "../codec/time.ts";
import { type AnyRow, conditionFault, sqlTypes } from "../columns.ts";
import { comparison, type Extent } from "../keys.ts";
import { identifier, literal } from "./quote.ts";

/** Longer lists are read as JSON: ten times as fast as an expression for each value. */
const LONG_LIST = 100;

const valuesOf = (condition: Where.Condition): ReadonlyArray<unknown> =>
  "values" in condition ? condition.values : "value" in condition ? [condition.value] : [];

/** Why conditions cannot be asked of the dataset: a column that is not there, a value of another kind. */
export const whereFault = (dataset: Dataset.Dataset, where: Where.Where): string | undefined => {
  for (const condition of where) {
    const column = Object.hasOwn(dataset.columns, condition.column)
      ? dataset.columns[condition.column]!
      : undefined;
    if (column === undefined) return `dataset ${dataset.name} has no column "${condition.column}"`;
    for (const value of valuesOf(condition)) {
      const fault = value === null ? "is compared with null" : conditionFault(column, value);
      if (fault !== undefined) return `column "${condition.column}" of dataset ${dataset.name}: ${fault}`;
    }
  }
  return undefined;
};

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

const operators = { eq: "=", gte: ">=", lt: "<" } as const;

/** A decimal that no double stands for lies between two of them. */
const compareBetween = (column: string, op: "eq" | "gte" | "lt", text: string): string => {
  if (op === "eq") return "false";
  const { isBelow, nearest } = bound(text);
  const double = `'${nearest}'::DOUBLE`;
  return op === "gte"
    ? `${column} ${isBelow ? ">" : ">="} ${double}`
    : `${column} ${isBelow ? "<=" : "<"} ${double}`;
};

/** Conditions as SQL over columns with a prefix such as `t.`; they must have no fault. */
export const whereSql = (columns: Dataset.Columns, where: Where.Where, prefix: string): string => {
  const parts = where.map((condition) => {
    const { type } = columns[condition.column]!;
    const column = prefix + identifier(condition.column);
    switch (condition.op) {
      case "isNull":
        return `${column} is null`;
      case "isNotNull":
        return `${column} is not null`;
      case "in":
        return isIn(type, column, condition.values);
      case "eq":
      case "gte":
      case "lt":
        return type === "decimal" && toDouble(String(condition.value)) === undefined
          ? compareBetween(column, condition.op, String(condition.value))
          : `${column} ${operators[condition.op]} ${constantOf(type, condition.value)}`;
    }
  });
  return parts.length === 0 ? "true" : parts.join(" and ");
};

/** What is known of keys, column by column, as SQL: DuckDB skips the parts of a table that lie outside. */
export const extentsSql = (
  columns: Dataset.Columns,
  extents: ReadonlyArray<Extent>,
  prefix: string,
): string =>
  extents.length === 0 ? "true" : extents.map(({ column, greatest, least }) => {
    const { type } = columns[column]!;
    const name = prefix + identifier(column);
    return comparison(type)(least, greatest) === 0
      ? `${name} = ${constantOf(type, least)}`
      : `${name} >= ${constantOf(type, least)} and ${name} <= ${constantOf(type, greatest)}`;
  }).join(" and ");

/** A test whether a row, whose values fit their columns, lies in a slice. */
export const inSlice = (columns: Dataset.Columns, slice: Where.Where): (row: AnyRow) => boolean => {
  const tests = slice.map((condition): (value: unknown) => boolean => {
    const compare = comparison(columns[condition.column]!.type);
    switch (condition.op) {
      case "isNull":
        return (value) => value === null;
      case "isNotNull":
        return (value) => value !== null;
      case "eq":
        return (value) =>
          value === condition.value || (value !== null && compare(value, condition.value) === 0);
      case "in":
        return (value) =>
          value !== null && condition.values.some((one) => one === value || compare(value, one) === 0);
      case "gte":
        return (value) => value !== null && compare(value, condition.value) >= 0;
      case "lt":
        return (value) => value !== null && compare(value, condition.value) < 0;
    }
  });
  return (row) => slice.every(({ column }, i) => tests[i]!(row[column]));
};
