import { Effect } from "effect";
import type { Sink } from "@candlewick/core";
import { type AnyRow, inSlice, type Job, repeatedRow } from "@candlewick/sql-store";
import { describeKey, faultOf, toText } from "../columns.ts";
import { awaiting, type Connection } from "../connection/Connection.ts";
import { DatabaseError } from "../DatabaseError.ts";
import { jsonSource, mergeSql } from "../sql/merge.ts";
import { asParameters } from "../sql/where.ts";
import { explain, refuseOutside, refuseRepeated, refuseRow } from "./job.ts";

/** Up to so many rows one statement with the rows as JSON is cheaper than COPY and a temporary table. */
export const SMALL = 100;

/** A row as JSON that `json_to_recordset` reads back; fails for a row that cannot be stored. */
const toJson = (job: Job, isInside: (row: AnyRow) => boolean, row: AnyRow): AnyRow | DatabaseError => {
  const json: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(job.dataset.columns)) {
    const value = row[name];
    const fault = faultOf(column, value);
    if (fault !== undefined) return refuseRow(job.dataset, row, `column "${name}" ${fault}`);
    json[name] = value === null || column.type === "json" ? value : toText(column.type, value);
  }
  return isInside(row) ? json : refuseOutside(job.dataset, row);
};

/** Writes a few rows in one statement. */
export const writeSmall = (
  job: Job,
  rows: ReadonlyArray<AnyRow>,
): (connection: Connection) => Effect.Effect<Sink.WriteCounts, DatabaseError> => {
  const { dataset, slice } = job;
  const isInside = slice === undefined ? () => true : inSlice(dataset.columns, slice);
  const given: Array<AnyRow> = [];
  for (const row of rows) {
    const json = toJson(job, isInside, row);
    if (json instanceof DatabaseError) return () => Effect.fail(json);
    given.push(json);
  }
  const repeated = repeatedRow(dataset, rows);
  if (repeated !== undefined) {
    return () => Effect.fail(refuseRepeated(dataset, describeKey(dataset, repeated)));
  }

  const { bind, values } = asParameters();
  const source = jsonSource(
    dataset.columns,
    bind(JSON.stringify(given), "json"),
    bind(String(given.length), "bigint"),
  );
  const statement = mergeSql({ dataset, source, isTable: false, span: [], slice }, bind);
  return (connection) =>
    awaiting(connection, () => connection.prepared(statement, values)).pipe(
      Effect.map(({ rows: [counts] }) => {
        const [deleted, updated, inserted] = counts!.map(Number) as [number, number, number];
        return { inserted, updated, unchanged: rows.length - inserted - updated, deleted };
      }),
      Effect.mapError((error) => explain(job, error, { rows, distinct: true })),
    );
};
