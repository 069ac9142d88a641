import { faultBy, fits } from "../../ColumnValue.ts";
import type { Column, ColumnType } from "../../Dataset.ts";
import * as Decimal from "../../Decimal.ts";

/** A row as the memory store keeps it: json columns hold canonical JSON text. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** What is wrong with a value for a column; `undefined` when it may be stored. */
export const faultOf = faultBy(fits);

/** JSON text with sorted keys, so that equal values are equal text; `undefined` for what JSON cannot hold. */
export const canonicalJson = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(
      value,
      (_key, part) =>
        typeof part === "object" && part !== null && !Array.isArray(part)
          ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
          : part,
    );
  } catch {
    return undefined;
  }
};

export const toStored = (type: ColumnType, value: unknown): unknown =>
  type === "json" && value !== null ? canonicalJson(value) : value;

export const fromStored = (type: ColumnType, value: unknown): unknown =>
  type === "json" && value !== null ? JSON.parse(value as string) : value;

/** Equality of stored values: nulls are equal, decimals compare by value. */
export const sameValue = (type: ColumnType, left: unknown, right: unknown): boolean =>
  left === right ||
  (type === "decimal" && left !== null && right !== null && Decimal.equals(left as string, right as string));

/** Text orders by code point in every store; JavaScript's own order puts U+1F600 before U+FF5E. */
const compareText = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left.charCodeAt(i) !== right.charCodeAt(i)) return left.codePointAt(i)! - right.codePointAt(i)!;
  }
  return left.length - right.length;
};

/** Order of two stored values that are not null. */
export const compareValues = (type: ColumnType, left: unknown, right: unknown): number => {
  switch (type) {
    case "decimal":
      return Decimal.compare(left as string, right as string);
    case "text":
    case "json":
      return compareText(left as string, right as string);
    case "date":
      return left === right ? 0 : (left as string) < (right as string) ? -1 : 1;
    case "int32":
    case "int64":
    case "boolean":
    case "timestamp":
      return Number(left) - Number(right);
  }
};

/** Identity of a key as text; unambiguous because stored text holds no NUL. */
export const keyText = (
  columns: Readonly<Record<string, Column>>,
  key: ReadonlyArray<string>,
  row: StoredRow,
): string => {
  let text = "";
  for (const name of key) {
    const value = row[name];
    text += (columns[name]!.type === "decimal" ? Decimal.normalize(value as string) : String(value)) + "\0";
  }
  return text;
};

/** A key for people: `instrument_id=5, interval=day`. */
export const describeKey = (key: ReadonlyArray<string>, row: Readonly<Record<string, unknown>>): string =>
  key.map((name) => `${name}=${String(row[name])}`).join(", ");
