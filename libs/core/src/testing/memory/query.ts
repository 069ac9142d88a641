import type { Column, Columns } from "../../Dataset.ts";
import type { Condition, Where } from "../../Where.ts";
import { compareValues, faultOf, sameValue, type StoredRow, toStored } from "./values.ts";

type Test = (row: StoredRow) => boolean;

/** As in every store: a comparison with null holds for no row. */
const compile = (column: Column, condition: Condition): Test => {
  const { column: name } = condition;
  const { type } = column;
  switch (condition.op) {
    case "isNull":
      return (row) => row[name] === null;
    case "isNotNull":
      return (row) => row[name] !== null;
    case "eq": {
      const wanted = toStored(type, condition.value);
      return (row) => row[name] !== null && sameValue(type, row[name], wanted);
    }
    case "in": {
      if (type === "decimal") {
        return (row) =>
          row[name] !== null && condition.values.some((value) => sameValue(type, row[name], value));
      }
      const wanted = new Set(condition.values.map((value) => toStored(type, value)));
      return (row) => row[name] !== null && wanted.has(row[name]);
    }
    case "gte":
      return (row) => row[name] !== null && compareValues(type, row[name], condition.value) >= 0;
    case "lt":
      return (row) => row[name] !== null && compareValues(type, row[name], condition.value) < 0;
  }
};

const valuesOf = (condition: Condition): ReadonlyArray<unknown> =>
  "values" in condition ? condition.values : "value" in condition ? [condition.value] : [];

/** Why conditions cannot be asked of these columns: a column that is not there, a value it cannot hold. */
export const whereFault = (columns: Columns, where: Where): string | undefined => {
  for (const condition of where) {
    const column = columns[condition.column];
    if (column === undefined) return `there is no column "${condition.column}"`;
    for (const value of valuesOf(condition)) {
      const fault = value === null ? "is compared with null" : faultOf(column, value);
      if (fault !== undefined) return `column "${condition.column}": ${fault}`;
    }
  }
  return undefined;
};

/** A test for rows that match all conditions; their columns must be known. */
export const matching = (columns: Columns, where: Where): Test => {
  const tests = where.map((condition) => compile(columns[condition.column]!, condition));
  return (row) => tests.every((test) => test(row));
};

export type Order = string | readonly [column: string, direction: "desc"];

export const orderColumn = (order: Order): string => typeof order === "string" ? order : order[0];

/** A comparison of rows; null counts as larger than every value. */
export const comparing = (columns: Columns, orderBy: ReadonlyArray<Order>) => {
  const keys = orderBy.map((order) => {
    const name = orderColumn(order);
    return { name, type: columns[name]!.type, sign: typeof order === "string" ? 1 : -1 };
  });
  return (left: StoredRow, right: StoredRow): number => {
    for (const { name, type, sign } of keys) {
      const a = left[name];
      const b = right[name];
      const order = a === null || b === null
        ? Number(a === null) - Number(b === null)
        : compareValues(type, a, b);
      if (order !== 0) return sign * order;
    }
    return 0;
  };
};
