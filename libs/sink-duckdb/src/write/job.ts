import type { Dataset } from "@candlewick/core";
import { type AnyRow, inSlice, type Job, refusalsBy } from "@candlewick/sql-store";
import { describeKey, faultOf } from "../columns.ts";
import { type DatabaseError, failure, withMeaning } from "../DatabaseError.ts";

export const { placeOf, refuseOutside, refuseRepeated, refuseRow } = refusalsBy(failure, describeKey);

/** Why a row cannot be stored by this job; `undefined` when it can. */
export const refusing = ({ dataset, slice }: Job): (row: AnyRow) => DatabaseError | undefined => {
  const columns = Object.entries(dataset.columns);
  const isInside = slice === undefined ? () => true : inSlice(dataset.columns, slice);
  return (row) => {
    for (const [name, column] of columns) {
      const fault = faultOf(column, row[name]);
      if (fault !== undefined) return refuseRow(dataset, row, `column "${name}" ${fault}`);
    }
    return isInside(row) ? undefined : refuseOutside(dataset, row);
  };
};

/** `Duplicate key "a: 1, b: x" violates unique constraint`, and what a commit says of the same. */
const DUPLICATE = /duplicate key "([^]*)"/i;

/** Of rows in memory, the one whose values DuckDB names. */
const rowOf = (dataset: Dataset.Dataset, rows: ReadonlyArray<AnyRow>, named: string): AnyRow | undefined =>
  dataset.indexes.filter((index) => index.unique === true).flatMap(({ columns }) =>
    rows.filter((row) => columns.map((column) => `${column}: ${row[column]}`).join(", ") === named)
  ).at(-1);

/** Says what a failed write means here: which row it was. */
export const explain = (job: Job, error: DatabaseError, rows: ReadonlyArray<AnyRow>): DatabaseError => {
  const named = DUPLICATE.exec(error.message)?.[1];
  if (error.fault !== "constraint" || named === undefined) return error;
  const row = rowOf(job.dataset, rows, named);
  return withMeaning(
    error,
    "constraint",
    `${placeOf(job.dataset, row)}: a stored or given row has (${named}) already, which is unique`,
  );
};
