import { ColumnValue } from "@candlewick/core";
import { type AnyRow, type Job, refusalsBy } from "@candlewick/sql-store";
import { describeKey, toText } from "../columns.ts";
import { copyLine, type DatabaseError, failure, withMeaning } from "../DatabaseError.ts";
import { indexName } from "../sql/table.ts";

export const { placeOf, refuseOutside, refuseRepeated, refuseRow } = refusalsBy(failure, describeKey);

const UNIQUE_VIOLATION = "23505";

/** The primary key of the table, or of the part of it that the row belongs to. */
const isKeyViolation = ({ dataset }: Job, error: DatabaseError): boolean =>
  error.code === UNIQUE_VIOLATION && error.constraint.endsWith("_pkey") &&
  !dataset.indexes.some((index) => indexName(dataset.name, index) === error.constraint);

/** Of rows in memory, the one whose values are those of DETAIL: `Key (a, b)=(1, x) already exists.` */
const rowOfDetail = (job: Job, error: DatabaseError, rows: ReadonlyArray<AnyRow>): AnyRow | undefined => {
  const { columns, indexes, name } = job.dataset;
  const index = indexes.find((one) => indexName(name, one) === error.constraint);
  const values = /=\((.*)\) already exists/s.exec(error.detail)?.[1];
  if (index === undefined || values === undefined) return undefined;
  return rows.find((row) =>
    values === index.columns.map((column) => {
      const value = row[column];
      return value === null || value === undefined ? "null" : toText(columns[column]!.type, value);
    }).join(", ")
  );
};

export interface Circumstances {
  /** Rows in memory that the failed statement was about. */
  readonly rows: ReadonlyArray<AnyRow>;
  /** Whether no key can have come twice. */
  readonly distinct: boolean;
}

/**
 * Says what a failed write means here: which row it was, and whether another writer was faster with the same
 * key, so that trying again finds its row and compares.
 */
export const explain = (
  job: Job,
  error: DatabaseError,
  { distinct, rows }: Circumstances,
): DatabaseError => {
  if (isKeyViolation(job, error)) {
    const key = ColumnValue.shown(error.detail.replace(/^Key | already exists\.$/g, ""));
    return distinct
      ? withMeaning(error, "conflict", `another run is writing key ${key} of ${job.dataset.name}`)
      : withMeaning(
        error,
        "constraint",
        `key ${key} of ${job.dataset.name} comes twice in the given rows, or another run wrote it meanwhile`,
      );
  }
  if (error.fault !== "constraint" || error.code === "") return error;
  const line = copyLine(error);
  const row = line === undefined ? rowOfDetail(job, error, rows) : rows[line - 1];
  const named = error.constraint === "" || error.message.includes(error.constraint)
    ? error.message
    : `${error.message} (constraint "${error.constraint}")`;
  return withMeaning(error, error.fault, `${placeOf(job.dataset, row)}: ${named}`);
};
