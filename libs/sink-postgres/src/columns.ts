import { type Dataset, Decimal, MarketTime } from "@candlewick/core";

type Column = Dataset.Column;
type ColumnType = Dataset.ColumnType;

/** A row of a dataset with its types worn off. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** The PostgreSQL type of a column, as `format_type` prints it. */
export const sqlTypes: { readonly [T in ColumnType]: string } = {
  int32: "integer",
  int64: "bigint",
  decimal: "numeric",
  text: "text",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp with time zone",
  json: "jsonb",
};

const INT32_MAX = 2_147_483_647;

/** 4714-11-24 BC, where timestamps of PostgreSQL begin, and the last instant of JavaScript; epoch ms. */
export const FIRST_INSTANT = -210_866_803_200_000;
export const LAST_INSTANT = 8.64e15;

/** What `numeric` can hold before and after the point: https://www.postgresql.org/docs/18/datatype-numeric.html */
export const MAX_WHOLE_DIGITS = 131_072;
export const MAX_FRACTION_DIGITS = 16_383;

const isWhole = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

const isStorableDecimal = (value: unknown): boolean => {
  if (typeof value !== "string" || !Decimal.isDecimal(value)) return false;
  const [whole = "", fraction = ""] = value.split(".");
  return whole.length <= MAX_WHOLE_DIGITS && fraction.length <= MAX_FRACTION_DIGITS;
};

/** Escapes of NUL and of lone surrogates, which `jsonb` cannot hold; after an even number of backslashes. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** JSON text of a value, or `undefined` for what JSON or `jsonb` cannot hold. */
export const jsonText = (value: unknown): string | undefined => {
  try {
    const text = JSON.stringify(value);
    return text?.includes("\\u") && UNSTORABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

const fits: { readonly [T in ColumnType]: (value: unknown) => boolean } = {
  int32: (value) => isWhole(value) && value >= -INT32_MAX - 1 && value <= INT32_MAX,
  int64: isWhole,
  decimal: isStorableDecimal,
  text: (value) => typeof value === "string" && value.isWellFormed() && !value.includes("\0"),
  boolean: (value) => typeof value === "boolean",
  date: (value) => typeof value === "string" && MarketTime.isDay(value),
  timestamp: (value) => isWhole(value) && value >= FIRST_INSTANT && value <= LAST_INSTANT,
  json: (value) => jsonText(value) !== undefined,
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

/** A value for messages, cut when it is long. */
export const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
};

/** What is wrong with a value for a column; `undefined` when it may be stored. */
export const faultOf = (column: Column, value: unknown): string | undefined => {
  if (value === undefined) return "has no value";
  if (value === null) return column.nullable ? undefined : "is required and null";
  return fits[column.type](value)
    ? undefined
    : `expected ${expected[column.type]}, got ${JSON.stringify(shown(value))}`;
};

const instantText = (value: number): string => {
  const iso = new Date(value).toISOString();
  // Years outside 0000 to 9999 come as +YYYYYY or -YYYYYY; the year 0000 is 1 BC.
  const year = new Date(value).getUTCFullYear();
  if (year >= 1 && year <= 9999) return iso;
  const rest = iso.slice(iso.indexOf("-", 1));
  return year > 9999 ? `${year}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} BC`;
};

/** A value that fits its column and is not null, as text that PostgreSQL reads as the column's type. */
export const toText = (type: ColumnType, value: unknown): string => {
  switch (type) {
    case "timestamp":
      return instantText(value as number);
    case "json":
      return JSON.stringify(value);
    case "int32":
    case "int64":
    case "decimal":
    case "text":
    case "boolean":
    case "date":
      return String(value);
  }
};

/** A key for people: `instrument_id=5, interval=day, ts=2024-01-01T00:00:00.000Z`. */
export const describeKey = (dataset: Dataset.Dataset, row: AnyRow): string =>
  dataset.key.map((name) => {
    const column = dataset.columns[name]!;
    const value = row[name];
    const plain = faultOf(column, value) === undefined ? toText(column.type, value) : String(value);
    return `${name}=${shown(plain)}`;
  }).join(", ");
