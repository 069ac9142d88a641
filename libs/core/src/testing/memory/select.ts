import type { Columns } from "../../Dataset.ts";
import { all, type Where } from "../../Where.ts";
import { comparing, matching, type Order, orderColumn, whereFault } from "./query.ts";
import { fromStored, type StoredRow } from "./values.ts";

/** A selection with its types worn off. */
export interface Asked {
  readonly columns?: ReadonlyArray<string>;
  readonly where?: Where;
  readonly orderBy?: ReadonlyArray<Order>;
  readonly limit?: number;
}

/** Why a selection cannot be answered from these columns. */
export const selectionFault = (columns: Columns, asked: Asked): string | undefined => {
  const unknown = [...(asked.columns ?? []), ...(asked.orderBy ?? []).map(orderColumn)]
    .find((name) => !Object.hasOwn(columns, name));
  return unknown === undefined ? whereFault(columns, asked.where ?? all) : `there is no column "${unknown}"`;
};

/** The rows asked for, as they are now: later writes do not change them. */
export const found = (
  columns: Columns,
  asked: Asked,
  rows: Iterable<StoredRow>,
): ReadonlyArray<StoredRow> => {
  const matches = matching(columns, asked.where ?? all);
  const kept: Array<StoredRow> = [];
  for (const row of rows) {
    if (matches(row)) kept.push(row);
  }
  if (asked.orderBy !== undefined) kept.sort(comparing(columns, asked.orderBy));
  return asked.limit === undefined ? kept : kept.slice(0, asked.limit);
};

/** Cuts rows into batches, each row with the wanted columns only, as callers know their values. */
export function* batches(
  columns: Columns,
  names: ReadonlyArray<string>,
  rows: ReadonlyArray<StoredRow>,
  batchRows: number,
): IterableIterator<ReadonlyArray<StoredRow>> {
  const project = (row: StoredRow): StoredRow => {
    const projected: Record<string, unknown> = {};
    for (const name of names) projected[name] = fromStored(columns[name]!.type, row[name]);
    return projected;
  };
  for (let at = 0; at < rows.length; at += batchRows) {
    yield rows.slice(at, at + batchRows).map(project);
  }
}
