import type { Sink } from "@candlewick/core";
import type { AnyRow, Job } from "@candlewick/sql-store";
import { Effect } from "effect";
import type { Connection } from "../database/Connection.ts";
import type { DatabaseError } from "../DatabaseError.ts";
import type { Extent } from "../keys.ts";
import {
  countOf,
  deleteMissing,
  differingPlaces,
  insertFrom,
  updateFrom,
  valuesSource,
} from "../sql/merge.ts";

/** Up to so many rows are cheaper as constants of a statement than by way of a temporary table. */
export const SMALL = 64;

/** Writes a few rows, each valid and with a key of its own. */
export const writeSmall = Effect.fnUntraced(function* (
  connection: Connection,
  { dataset, slice }: Job,
  rows: ReadonlyArray<AnyRow>,
  extents: ReadonlyArray<Extent>,
): Effect.fn.Return<Sink.WriteCounts, DatabaseError> {
  const source = rows.length === 0 ? undefined : valuesSource(dataset, rows);
  const found = source === undefined
    ? []
    : yield* connection.query(differingPlaces(dataset, source, extents));
  const deleted = slice === undefined
    ? 0
    : countOf(yield* connection.query(deleteMissing(dataset, slice, source)));
  const at = (isNew: boolean) =>
    found.filter((row) => row["is_new"] === isNew).map((row) => rows[Number(row["place"])]!);
  const changed = at(false);
  if (changed.length > 0) {
    yield* connection.run(updateFrom(dataset, valuesSource(dataset, changed), "true", extents));
  }
  const added = at(true);
  if (added.length > 0) yield* connection.run(insertFrom(dataset, valuesSource(dataset, added)));
  return {
    inserted: added.length,
    updated: changed.length,
    unchanged: rows.length - found.length,
    deleted,
  };
});
