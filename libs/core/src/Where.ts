import type { ColumnName, Dataset, Row } from "./Dataset.ts";

/**
 * Conditions on the columns of a dataset, all of which must hold. Plain data, so that every store can compile
 * them in its own safe way.
 */
export type Condition =
  | { readonly op: "eq"; readonly column: string; readonly value: unknown }
  | { readonly op: "in"; readonly column: string; readonly values: ReadonlyArray<unknown> }
  | { readonly op: "gte"; readonly column: string; readonly value: unknown }
  | { readonly op: "lt"; readonly column: string; readonly value: unknown }
  | { readonly op: "isNull"; readonly column: string }
  | { readonly op: "isNotNull"; readonly column: string };

export type Where = ReadonlyArray<Condition>;

export const all: Where = [];

type Value<D extends Dataset, K extends ColumnName<D>> = NonNullable<Row<D>[K & keyof Row<D>]>;

/** Builders that check column names and value types against one dataset. */
export const on = <D extends Dataset>(_dataset: D) => ({
  eq: <K extends ColumnName<D>>(column: K, value: Value<D, K>): Condition => ({ op: "eq", column, value }),
  in: <K extends ColumnName<D>>(column: K, values: ReadonlyArray<Value<D, K>>): Condition => ({
    op: "in",
    column,
    values,
  }),
  gte: <K extends ColumnName<D>>(column: K, value: Value<D, K>): Condition => ({ op: "gte", column, value }),
  lt: <K extends ColumnName<D>>(column: K, value: Value<D, K>): Condition => ({ op: "lt", column, value }),
  isNull: (column: ColumnName<D>): Condition => ({ op: "isNull", column }),
  isNotNull: (column: ColumnName<D>): Condition => ({ op: "isNotNull", column }),
});
