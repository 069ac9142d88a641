import { type Dataset, Decimal } from "@candlewick/core";
import type { AnyRow } from "./columns.ts";

/** Order by code point, as PostgreSQL's collation "C" has it; UTF-16 puts U+1F600 before U+FF5E. */
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

/** Order of two values of a type that are not null, as PostgreSQL has it; NaN where there is none. */
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

/**
 * Follows rows as they come and knows whether their keys rise: then none comes twice, and the first and the last
 * row bound them all. Rows need not be valid yet.
 */
export class KeyOrder {
  readonly #names: ReadonlyArray<string>;
  readonly #compare: ReadonlyArray<(left: unknown, right: unknown) => number>;
  #rising = true;
  #first: AnyRow | undefined;
  #last: AnyRow | undefined;

  constructor(dataset: Dataset.Dataset) {
    this.#names = dataset.key;
    this.#compare = dataset.key.map((name) => comparison(dataset.columns[name]!.type));
  }

  add(row: AnyRow): void {
    if (!this.#rising) return;
    if (this.#last === undefined) this.#first = row;
    else this.#rising = this.#rises(this.#last, row);
    this.#last = row;
  }

  /** Whether each key was greater than the one before. */
  get rising(): boolean {
    return this.#rising;
  }

  /** The rows with the least and the greatest key, while the keys rise. */
  get span(): readonly [first: AnyRow, last: AnyRow] | undefined {
    return this.#rising && this.#first !== undefined && this.#last !== undefined
      ? [this.#first, this.#last]
      : undefined;
  }

  #rises(last: AnyRow, row: AnyRow): boolean {
    for (let i = 0; i < this.#names.length; i++) {
      const name = this.#names[i]!;
      const order = this.#compare[i]!(last[name], row[name]);
      if (order !== 0) return order < 0;
    }
    return false;
  }
}

/** The first row whose key an earlier one has; for rows in memory, in any order. */
export const repeatedRow = (dataset: Dataset.Dataset, rows: ReadonlyArray<AnyRow>): AnyRow | undefined => {
  const parts = dataset.key.map((name) => ({ name, type: dataset.columns[name]!.type }));
  const seen = new Set<string>();
  for (const row of rows) {
    let key = "";
    for (const { name, type } of parts) {
      const value = row[name];
      // Stored text holds no NUL, so that keys cannot run into one another.
      key += `${
        type === "decimal" && typeof value === "string"
          ? Decimal.normalize(value)
          : type === "json"
          ? JSON.stringify(value)
          : value
      }\0`;
    }
    if (seen.has(key)) return row;
    seen.add(key);
  }
  return undefined;
};
