import type { Dataset, Where } from "@candlewick/core";
import { type AnyRow, faultOf, sqlTypes, toText } from "../columns.ts";
import { comparison } from "../keys.ts";
import { arrayText, comparable, identifier, literal } from "./quote.ts";

/** The port's conditions, and the upper end of a span of keys. */
export type Condition =
  | Where.Condition
  | { readonly op: "lte"; readonly column: string; readonly value: unknown };

/** Makes an expression of a value given as text and its type. */
export type Bind = (text: string, sqlType: string) => string;

/** For statements without parameters, such as COPY. */
export const asLiteral: Bind = (text, sqlType) => `${literal(text)}::${sqlType}`;

/** Collects values as the parameters of a statement. */
export const asParameters = (): { readonly bind: Bind; readonly values: ReadonlyArray<string> } => {
  const values: Array<string> = [];
  return { values, bind: (text, sqlType) => `$${values.push(text)}::${sqlType}` };
};

const valuesOf = (condition: Condition): ReadonlyArray<unknown> =>
  "values" in condition ? condition.values : "value" in condition ? [condition.value] : [];

/** Why conditions cannot be asked of the dataset: a column that is not there, a value it cannot hold. */
export const whereFault = (dataset: Dataset.Dataset, where: Where.Where): string | undefined => {
  for (const condition of where) {
    const column = Object.hasOwn(dataset.columns, condition.column)
      ? dataset.columns[condition.column]!
      : undefined;
    if (column === undefined) return `dataset ${dataset.name} has no column "${condition.column}"`;
    for (const value of valuesOf(condition)) {
      const fault = value === null ? "is compared with null" : faultOf(column, value);
      if (fault !== undefined) return `column "${condition.column}" of dataset ${dataset.name}: ${fault}`;
    }
  }
  return undefined;
};

const operators = { eq: "=", gte: ">=", lt: "<", lte: "<=" } as const;

/** Conditions as SQL over columns with a prefix such as `t.`; they must have no fault. */
export const whereSql = (
  columns: Dataset.Columns,
  where: ReadonlyArray<Condition>,
  prefix: string,
  bind: Bind,
): string => {
  const parts = where.map((condition) => {
    const { type } = columns[condition.column]!;
    const column = prefix + identifier(condition.column);
    switch (condition.op) {
      case "isNull":
        return `${column} is null`;
      case "isNotNull":
        return `${column} is not null`;
      case "in":
        return `${comparable(type, column)} = any (${
          bind(arrayText(type, condition.values), `${sqlTypes[type]}[]`)
        })`;
      case "eq":
      case "gte":
      case "lt":
      case "lte":
        return `${comparable(type, column)} ${operators[condition.op]} ${
          bind(toText(type, condition.value), sqlTypes[type])
        }`;
    }
  });
  return parts.length === 0 ? "true" : parts.join(" and ");
};

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

/**
 * Conditions that every key from the first row's to the last row's fulfils: the columns both have in common, and
 * the range of the next one. Few rows of a table fulfil them when the key begins with what the rows share.
 */
export const spanOf = (
  dataset: Dataset.Dataset,
  [first, last]: readonly [AnyRow, AnyRow],
): ReadonlyArray<Condition> | undefined => {
  const conditions: Array<Condition> = [];
  for (const column of dataset.key) {
    const definition = dataset.columns[column]!;
    const low = first[column];
    const high = last[column];
    // Rows are checked when they are encoded; until then values may be anything.
    if ([low, high].some((value) => value === null || faultOf(definition, value) !== undefined)) {
      return undefined;
    }
    if (comparison(definition.type)(low, high) !== 0) {
      conditions.push({ op: "gte", column, value: low }, { op: "lte", column, value: high });
      break;
    }
    conditions.push({ op: "eq", column, value: low });
  }
  return conditions;
};
