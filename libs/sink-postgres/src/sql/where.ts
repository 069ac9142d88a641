import type { Dataset } from "@candlewick/core";
import {
  type AnyRow,
  comparison,
  type Condition,
  conditionsSql,
  literal,
  whereFaultBy,
} from "@candlewick/sql-store";
import { faultOf, sqlTypes, toText } from "../columns.ts";
import { arrayText, comparable } from "./quote.ts";

/** Makes an expression of a value given as text and its type. */
export type Bind = (text: string, sqlType: string) => string;

/** For statements without parameters, such as COPY. */
export const asLiteral: Bind = (text, sqlType) => `${literal(text)}::${sqlType}`;

/** Collects values as the parameters of a statement. */
export const asParameters = (): { readonly bind: Bind; readonly values: ReadonlyArray<string> } => {
  const values: Array<string> = [];
  return { values, bind: (text, sqlType) => `$${values.push(text)}::${sqlType}` };
};

/** Why conditions cannot be asked of the dataset. */
export const whereFault = whereFaultBy(faultOf);

/** Conditions as SQL over columns with a prefix such as `t.`; they must have no fault. */
export const whereSql = (
  columns: Dataset.Columns,
  where: ReadonlyArray<Condition>,
  prefix: string,
  bind: Bind,
): string =>
  conditionsSql(columns, where, prefix, {
    compare: (type, column, operator, value) =>
      `${comparable(type, column)} ${operator} ${bind(toText(type, value), sqlTypes[type])}`,
    isIn: (type, column, values) =>
      `${comparable(type, column)} = any (${bind(arrayText(type, values), `${sqlTypes[type]}[]`)})`,
  });

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
