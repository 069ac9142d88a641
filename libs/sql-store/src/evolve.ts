import type { Dataset } from "@candlewick/core";

/** A table as the database has it. */
export interface StoredTable {
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    /** Has a default, or makes its values itself. */
    readonly filled?: boolean;
  }>;
  readonly key: ReadonlyArray<string>;
}

/** What a database calls things. */
export interface Terms {
  readonly types: { readonly [T in Dataset.ColumnType]: string };
  readonly key: string;
  /** What a user can do, who wants a column required that may be null; empty for nothing. */
  readonly requiring: (table: string, column: string) => string;
}

const sameSet = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.length === right.length && left.every((item) => right.includes(item));

/** Why the table cannot become the dataset without losing or reinterpreting data; each names its column. */
export const misfits = (
  dataset: Dataset.Dataset,
  { columns, key }: StoredTable,
  hasRows: boolean,
  terms: Terms,
): ReadonlyArray<string> => {
  const found: Array<string> = [];
  const stored = new Map(columns.map((column) => [column.name, column]));
  for (const [name, wanted] of Object.entries(dataset.columns)) {
    const present = stored.get(name);
    const type = terms.types[wanted.type];
    if (present === undefined) {
      if (!wanted.nullable && hasRows) {
        found.push(`column "${name}" is new and required, and the stored rows have no value for it`);
      }
    } else if (present.type !== type) {
      found.push(`column "${name}" is ${present.type} in the database and ${type} in the dataset`);
    } else if (!present.required && !wanted.nullable && hasRows) {
      found.push(
        `column "${name}" may be null in the database and is required in the dataset${
          terms.requiring(dataset.name, name)
        }`,
      );
    }
  }
  for (const { filled = false, name, required } of columns) {
    if (required && !filled && !Object.hasOwn(dataset.columns, name)) {
      found.push(`column "${name}" is required in the database and gone from the dataset`);
    }
  }
  if (!sameSet(key, dataset.key)) {
    found.push(
      `the ${terms.key} is (${key.join(", ")}) in the database and (${
        dataset.key.join(", ")
      }) in the dataset`,
    );
  }
  return found;
};
