import type { Columns, Dataset, Index } from "../../Dataset.ts";
import type { StoredRow } from "./values.ts";

/** One dataset as the memory store holds it: its shape so far, and the committed rows by key text. */
export interface Table {
  readonly name: string;
  columns: Columns;
  readonly key: ReadonlyArray<string>;
  indexes: ReadonlyArray<Index>;
  readonly rows: Map<string, StoredRow>;
  /** Datasets already found to fit `columns`; emptied when those change. */
  fitting: WeakSet<Dataset>;
}

const sameSet = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.length === right.length && left.every((item) => right.includes(item));

const sameIndex = (left: Index, right: Index): boolean =>
  (left.unique ?? false) === (right.unique ?? false) && left.columns.join() === right.columns.join();

export const create = (dataset: Dataset): Table => ({
  name: dataset.name,
  columns: { ...dataset.columns },
  key: [...dataset.key],
  indexes: [...dataset.indexes],
  rows: new Map(),
  fitting: new WeakSet([dataset]),
});

/** Why the table cannot become the dataset without losing or reinterpreting data, by column name. */
export const refusal = (table: Table, dataset: Dataset): string | undefined => {
  for (const [name, wanted] of Object.entries(dataset.columns)) {
    const present = table.columns[name];
    if (present === undefined) {
      if (!wanted.nullable && table.rows.size > 0) {
        return `column "${name}" is new and required, and the rows already stored have no value for it`;
      }
    } else if (present.type !== wanted.type) {
      return `column "${name}" is ${present.type} in the store and ${wanted.type} in the dataset`;
    } else if (present.nullable && !wanted.nullable) {
      return `column "${name}" may be null in the store and is required in the dataset`;
    }
  }
  for (const [name, present] of Object.entries(table.columns)) {
    if (!Object.hasOwn(dataset.columns, name) && !present.nullable) {
      return `column "${name}" is required in the store and gone from the dataset`;
    }
  }
  if (!sameSet(table.key, dataset.key)) {
    return `the key is (${table.key.join(", ")}) in the store and (${dataset.key.join(", ")}) in the dataset`;
  }
  const broken = dataset.indexes.find((index) => repeated(index, table.rows.values()) !== undefined);
  return broken && `rows already stored repeat in the unique index on (${broken.columns.join(", ")})`;
};

/** Adds the dataset's new columns (null in rows already there) and indexes, and relaxes what may now be null. */
export const evolve = (table: Table, dataset: Dataset): void => {
  const added = Object.keys(dataset.columns).filter((name) => !Object.hasOwn(table.columns, name));
  if (added.length > 0) {
    const blank = Object.fromEntries(added.map((name) => [name, null]));
    for (const [key, row] of table.rows) table.rows.set(key, { ...row, ...blank });
  }
  table.columns = { ...table.columns, ...dataset.columns };
  table.indexes = [
    ...table.indexes,
    ...dataset.indexes.filter((index) => !table.indexes.some((known) => sameIndex(known, index))),
  ];
  table.fitting = new WeakSet([dataset]);
};

/** Why operations with this dataset cannot run on the table as it is. */
export const misfit = (table: Table, dataset: Dataset): string | undefined => {
  if (table.fitting.has(dataset)) return undefined;
  for (const [name, wanted] of Object.entries(dataset.columns)) {
    const present = table.columns[name];
    if (present === undefined) return `column "${name}" is not in the store`;
    if (present.type !== wanted.type) return `column "${name}" is ${present.type} in the store`;
  }
  if (!sameSet(table.key, dataset.key)) return `the key in the store is (${table.key.join(", ")})`;
  table.fitting.add(dataset);
  return undefined;
};

/** A row that repeats another's values in a unique index; rows with a null in it never do. */
export const repeated = (
  index: Index,
  rows: Iterable<StoredRow>,
): StoredRow | undefined => {
  if (index.unique !== true) return undefined;
  const seen = new Set<string>();
  for (const row of rows) {
    const values = index.columns.map((name) => row[name] ?? null);
    if (values.includes(null)) continue;
    const text = JSON.stringify(values);
    if (seen.has(text)) return row;
    seen.add(text);
  }
  return undefined;
};
