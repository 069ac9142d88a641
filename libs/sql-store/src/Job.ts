import type { Dataset, Where } from "@candlewick/core";
import type { Fault } from "./errors.ts";
import type { AnyRow } from "./rows.ts";

/** One call of `upsert` or `replace`. */
export interface Job {
  /** For errors: `upsert kite_ohlcv_historic`. */
  readonly operation: string;
  readonly dataset: Dataset.Dataset;
  /** What a replace replaces. */
  readonly slice: Where.Where | undefined;
}

/** What is said of rows that cannot be stored, as a store's own errors and with keys as it writes them. */
export const refusalsBy = <E>(
  failure: (fault: Fault, message: string) => E,
  describeKey: (dataset: Dataset.Dataset, row: AnyRow) => string,
) => {
  /** The row an error is about, or its table when the row is not known. */
  const placeOf = (dataset: Dataset.Dataset, row: AnyRow | undefined): string =>
    row === undefined ? dataset.name : `row (${describeKey(dataset, row)}) of ${dataset.name}`;
  const refuseRow = (dataset: Dataset.Dataset, row: AnyRow, why: string): E =>
    failure("constraint", `${placeOf(dataset, row)}: ${why}`);
  return {
    placeOf,
    refuseRow,
    refuseOutside: (dataset: Dataset.Dataset, row: AnyRow): E =>
      refuseRow(dataset, row, "it lies outside the slice to replace"),
    refuseRepeated: (dataset: Dataset.Dataset, key: string): E =>
      failure("constraint", `key (${key}) of ${dataset.name} comes twice in the given rows`),
  };
};
