import { type Dataset, Decimal, type Where } from "@candlewick/core";
import type { AnyRow } from "./rows.ts";

/** Order by code point, which is the order of UTF-8; UTF-16 puts U+1F600 before U+FF5E. */
export const compareText = (left: string, right: string): number => {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left.charCodeAt(i) !== right.charCodeAt(i)) return left.codePointAt(i)! - right.codePointAt(i)!;
  }
  return left.length - right.length;
};

const ofText = (compare: (left: string, right: string) => number) => (left: unknown, right: unknown) =>
  typeof left === "string" && typeof right === "string" ? compare(left, right) : NaN;

/** Order of two values of a type that are not null, as the database must have it; NaN where there is none. */
export const comparison = (type: Dataset.ColumnType): (left: unknown, right: unknown) => number => {
  switch (type) {
    case "int32":
    case "int64":
    case "timestamp":
      return (left, right) => (left as number) - (right as number);
    case "boolean":
      return (left, right) => Number(left) - Number(right);
    case "decimal":
      return ofText(Decimal.compare);
    case "text":
    case "date":
      return ofText(compareText);
    case "json":
      return () => NaN;
  }
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
