import type { Dataset, Where } from "@candlewick/core";
import { identifier } from "./quote.ts";

/** The port's conditions, and the upper end of a span of keys. */
export type Condition =
  | Where.Condition
  | { readonly op: "lte"; readonly column: string; readonly value: unknown };

const valuesOf = (condition: Where.Condition): ReadonlyArray<unknown> =>
  "values" in condition ? condition.values : "value" in condition ? [condition.value] : [];

/**
 * Why conditions cannot be asked of the dataset: a column that is not there, or a value that is none to compare it
 * with, as `valueFault` has it.
 */
export const whereFaultBy =
  (valueFault: (column: Dataset.Column, value: unknown) => string | undefined) =>
  (dataset: Dataset.Dataset, where: Where.Where): string | undefined => {
    for (const condition of where) {
      const column = Object.hasOwn(dataset.columns, condition.column)
        ? dataset.columns[condition.column]!
        : undefined;
      if (column === undefined) return `dataset ${dataset.name} has no column "${condition.column}"`;
      for (const value of valuesOf(condition)) {
        const fault = value === null ? "is compared with null" : valueFault(column, value);
        if (fault !== undefined) return `column "${condition.column}" of dataset ${dataset.name}: ${fault}`;
      }
    }
    return undefined;
  };

export type Operator = "=" | ">=" | "<" | "<=";

const operators: Readonly<Record<"eq" | "gte" | "lt" | "lte", Operator>> = {
  eq: "=",
  gte: ">=",
  lt: "<",
  lte: "<=",
};

/** How a database compares a column, given as an expression, with values that have no fault. */
export interface Comparisons {
  readonly compare: (type: Dataset.ColumnType, column: string, operator: Operator, value: unknown) => string;
  readonly isIn: (type: Dataset.ColumnType, column: string, values: ReadonlyArray<unknown>) => string;
}

/** Conditions as SQL over columns with a prefix such as `t.`; they must have no fault. */
export const conditionsSql = (
  columns: Dataset.Columns,
  where: ReadonlyArray<Condition>,
  prefix: string,
  { compare, isIn }: Comparisons,
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
        return isIn(type, column, condition.values);
      case "eq":
      case "gte":
      case "lt":
      case "lte":
        return compare(type, column, operators[condition.op], condition.value);
    }
  });
  return parts.length === 0 ? "true" : parts.join(" and ");
};
