import { type Dataset, Decimal } from "@candlewick/core";
import { type AnyRow, conditionFault } from "./columns.ts";

/** Order by code point, which is the order of UTF-8 and of DuckDB; UTF-16 puts U+1F600 before U+FF5E. */
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

/** Order of two values of a type that are not null, as DuckDB has it; NaN where there is none. */
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

/** The least and the greatest value of a key column among some rows. */
export interface Extent {
  readonly column: string;
  readonly least: unknown;
  readonly greatest: unknown;
}

/**
 * Follows rows as they come: knows whether their keys rise, for then none comes twice, and between which values each
 * column of the key lies. Rows must be valid.
 */
export class KeySpan {
  readonly #names: ReadonlyArray<string>;
  readonly #compare: ReadonlyArray<(left: unknown, right: unknown) => number>;
  readonly #least: Array<unknown> = [];
  readonly #greatest: Array<unknown> = [];
  #rising = true;
  #last: AnyRow | undefined;

  constructor(dataset: Dataset.Dataset) {
    this.#names = dataset.key;
    this.#compare = dataset.key.map((name) => comparison(dataset.columns[name]!.type));
  }

  add(row: AnyRow): void {
    const last = this.#last;
    this.#last = row;
    // Whether the key is known to be above the last one: decided by the first column that differs.
    let decided = false;
    for (let i = 0; i < this.#names.length; i++) {
      const value = row[this.#names[i]!];
      if (last === undefined) {
        this.#least[i] = value;
        this.#greatest[i] = value;
        continue;
      }
      const compare = this.#compare[i]!;
      const order = compare(last[this.#names[i]!], value);
      if (order === 0) continue;
      if (!decided) {
        decided = true;
        if (order > 0) this.#rising = false;
      }
      if (compare(value, this.#least[i]) < 0) this.#least[i] = value;
      else if (compare(value, this.#greatest[i]) > 0) this.#greatest[i] = value;
    }
    if (last !== undefined && !decided) this.#rising = false;
  }

  /** Whether each key was greater than the one before. */
  get rising(): boolean {
    return this.#rising;
  }

  /** Empty before the first row. */
  get extents(): ReadonlyArray<Extent> {
    return this.#last === undefined ? [] : this.#names.map((column, i) => ({
      column,
      least: this.#least[i],
      greatest: this.#greatest[i],
    }));
  }
}

/** The first row whose key an earlier one has; for rows in memory, in any order, valid or not. */
export const repeatedRow = (dataset: Dataset.Dataset, rows: Iterable<AnyRow>): AnyRow | undefined => {
  const parts = dataset.key.map((name) => ({ name, column: dataset.columns[name]! }));
  const seen = new Set<string>();
  for (const row of rows) {
    let key = "";
    for (const { column, name } of parts) {
      const value = row[name];
      if (conditionFault(column, value) !== undefined) continue;
      // Stored text holds no NUL, so that keys cannot run into one another.
      key += `${column.type === "decimal" ? Decimal.normalize(String(value)) : value}\0`;
    }
    if (seen.has(key)) return row;
    seen.add(key);
  }
  return undefined;
};
