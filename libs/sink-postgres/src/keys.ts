import type { Dataset } from "@candlewick/core";
import { type AnyRow, comparison } from "@candlewick/sql-store";

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
