import { ColumnValue, type Dataset } from "@candlewick/core";
import { describeKeyBy, jsonText } from "@candlewick/sql-store";

type ColumnType = Dataset.ColumnType;

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

/** 4714-11-24 BC, where timestamps of PostgreSQL begin, and the last instant of JavaScript; epoch ms. */
export const FIRST_INSTANT = -210_866_803_200_000;
export const LAST_INSTANT = 8.64e15;

/** What `numeric` can hold before and after the point: https://www.postgresql.org/docs/18/datatype-numeric.html */
export const MAX_WHOLE_DIGITS = 131_072;
export const MAX_FRACTION_DIGITS = 16_383;

const isStorableDecimal = (value: unknown): boolean => {
  if (!ColumnValue.fits.decimal(value)) return false;
  const [whole = "", fraction = ""] = String(value).split(".");
  return whole.length <= MAX_WHOLE_DIGITS && fraction.length <= MAX_FRACTION_DIGITS;
};

/** What PostgreSQL holds: less than JavaScript before 4714 BC, in very long numbers and inside JSON. */
const fits: ColumnValue.Fits = {
  ...ColumnValue.fits,
  decimal: isStorableDecimal,
  timestamp: (value) => ColumnValue.fits.timestamp(value) && Number(value) >= FIRST_INSTANT,
  json: (value) => jsonText(value) !== undefined,
};

/** What is wrong with a value for a column; `undefined` when it may be stored. */
export const faultOf = ColumnValue.faultBy(fits);

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

export const describeKey = describeKeyBy((column, value) =>
  faultOf(column, value) === undefined ? toText(column.type, value) : String(value)
);
