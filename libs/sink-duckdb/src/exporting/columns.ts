import type { Dataset, Decimal, Exporter } from "@candlewick/core";
import { identifier } from "@candlewick/sql-store";
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { Native } from "../database/native.ts";
import { type Digits, isHeld, MOST_DIGITS, noDigits, withDecimal } from "./digits.ts";

type Decimals = Exporter.ExportTarget["decimals"];

/**
 * A column on its way into a file. Rows are gathered in a table of types that are quick to fill; what they become
 * is said when all of them are known.
 */
export interface Staged {
  readonly name: string;
  /** Type of the column that gathers the values. */
  readonly type: DuckDBType;
  /** A value as that column takes it; throws a `RangeError` for one that the file cannot hold. */
  readonly stage: (value: unknown) => DuckDBValue;
  /** The value in the file, as an expression on the gathered one. */
  readonly expression: (format: string) => string;
}

/** The most digits that DuckDB holds in 64 bits. */
const SHORT_DIGITS = 18;

/** A whole number up to 2^53 is exact as a double, and much quicker to hand over than as a `bigint`. */
const whole = (native: Native, name: string, type: "integer" | "bigint"): Staged => ({
  name,
  type: native.DOUBLE,
  stage: (value) => value as number,
  expression: () => `${identifier(name)}::${type}`,
});

const plain = (native: Native, name: string, type: "VARCHAR" | "BOOLEAN"): Staged => ({
  name,
  type: native[type],
  stage: (value) => value as DuckDBValue,
  expression: () => identifier(name),
});

const day = (native: Native, name: string): Staged => ({
  ...plain(native, name, "VARCHAR"),
  expression: () => `${identifier(name)}::date`,
});

const json = (native: Native, name: string): Staged => ({
  ...plain(native, name, "VARCHAR"),
  stage: (value) => JSON.stringify(value),
});

/** In text as ISO 8601 in UTC, with milliseconds where any row has some. */
const instant = (native: Native, name: string): Staged => {
  let hasMillis = false;
  const instant = `make_timestamptz(${identifier(name)}::bigint * 1000)`;
  return {
    name,
    type: native.DOUBLE,
    stage: (value) => {
      const millis = value as number;
      hasMillis ||= millis % 1_000 !== 0;
      return millis;
    },
    expression: (format) =>
      format === "csv"
        ? `strftime(${instant} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S${hasMillis ? ".%g" : ""}Z')`
        : instant,
  };
};

const double = (native: Native, name: string): Staged => ({
  name,
  type: native.DOUBLE,
  stage: (value) => {
    const number = Number(value);
    if (!Number.isFinite(number)) {
      throw new RangeError(`column ${name}: ${String(value).slice(0, 60)} is too large for a double`);
    }
    return number;
  },
  expression: () => identifier(name),
});

const exact = (native: Native, name: string): Staged => {
  let digits: Digits = noDigits;
  return {
    name,
    type: native.VARCHAR,
    stage: (value) => {
      const decimal = value as Decimal.Decimal;
      digits = withDecimal(digits, decimal);
      return decimal;
    },
    expression: (format) => {
      // Text holds what no type does.
      if (format === "csv") return identifier(name);
      if (isHeld(digits)) {
        const type = (most: number) => `::decimal(${most}, ${digits.scale})`;
        // DuckDB reads text as a number of 128 bits a hundred times slower than as one of 64.
        const short = digits.whole + digits.scale <= SHORT_DIGITS ? type(SHORT_DIGITS) : "";
        return `${identifier(name)}${short}${type(MOST_DIGITS)}`;
      }
      throw new RangeError(
        `column ${name} has decimals with ${digits.whole} digits before the point and ${digits.scale} after it, ` +
          `and a file of exact numbers holds ${MOST_DIGITS} in all: write them as doubles, or as csv`,
      );
    },
  };
};

/** How the columns of some rows are gathered and written. */
export const stagedColumns = (
  native: Native,
  columns: Dataset.Columns,
  decimals: Decimals,
): ReadonlyArray<Staged> =>
  Object.entries(columns).map(([name, { type }]): Staged => {
    switch (type) {
      case "int32":
        return whole(native, name, "integer");
      case "int64":
        return whole(native, name, "bigint");
      case "decimal":
        return decimals === "exact" ? exact(native, name) : double(native, name);
      case "text":
        return plain(native, name, "VARCHAR");
      case "boolean":
        return plain(native, name, "BOOLEAN");
      case "date":
        return day(native, name);
      case "timestamp":
        return instant(native, name);
      case "json":
        return json(native, name);
    }
  });

/** Definition of the table that gathers them. */
export const tableOf = (staged: ReadonlyArray<Staged>): string =>
  `create table gathered (${staged.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ")})`;

/** The query that reads them as they are written. */
export const queryOf = (staged: ReadonlyArray<Staged>, format: string): string =>
  `select ${
    staged.map(({ expression, name }) => `${expression(format)} as ${identifier(name)}`).join(", ")
  } from gathered`;
