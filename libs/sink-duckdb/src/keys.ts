import type { Dataset } from "@candlewick/core";
import { type AnyRow, comparison } from "@candlewick/sql-store";

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
