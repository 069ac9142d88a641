import type { Column, ColumnType } from "./Dataset.ts";
import * as Decimal from "./Decimal.ts";
import { isDay } from "./MarketTime.ts";

/** What a value of each column type must be, whatever the store. A store may ask for more. */
export type Fits = { readonly [T in ColumnType]: (value: unknown) => boolean };

const INT32_MAX = 2_147_483_647;
/** The last instant a JavaScript date reaches, epoch milliseconds. */
const LAST_INSTANT = 8.64e15;

const isWhole = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

const isJson = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};

export const fits: Fits = {
  int32: (value) => isWhole(value) && value >= -INT32_MAX - 1 && value <= INT32_MAX,
  int64: isWhole,
  decimal: (value) => typeof value === "string" && Decimal.isDecimal(value),
  text: (value) => typeof value === "string" && value.isWellFormed() && !value.includes("\0"),
  boolean: (value) => typeof value === "boolean",
  date: (value) => typeof value === "string" && isDay(value),
  timestamp: (value) => isWhole(value) && Math.abs(value) <= LAST_INSTANT,
  json: isJson,
};

const expected: { readonly [T in ColumnType]: string } = {
  int32: "a whole number of 32 bits",
  int64: "a whole number up to 2^53 - 1",
  decimal: "a decimal number in plain notation",
  text: "well-formed text without NUL",
  boolean: "true or false",
  date: "a day that exists, YYYY-MM-DD",
  timestamp: "whole epoch milliseconds",
  json: "a JSON value without NUL",
};

const LONGEST_SHOWN = 60;

/** Text of anything at all: an object can be made that refuses to become text. */
const textOf = (value: unknown): string => {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
};

/** A value for messages, cut when it is long. */
export const shown = (value: unknown): string => {
  const text = textOf(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
};

/** What is wrong with a value for a column, by a store's own notion of what fits; `undefined` when it may be stored. */
export const faultBy = (storable: Fits) => (column: Column, value: unknown): string | undefined => {
  if (value === undefined) return "has no value";
  if (value === null) return column.nullable ? undefined : "is required and null";
  return storable[column.type](value)
    ? undefined
    : `expected ${expected[column.type]}, got ${JSON.stringify(shown(value))}`;
};
