import { Effect, Stream } from "effect";
import type { Dataset } from "../../Dataset.ts";
import type { PluginError } from "../../PluginError.ts";
import type { Rows, WriteCounts } from "../../Sink.ts";
import type { Where } from "../../Where.ts";
import { matching } from "./query.ts";
import { refused } from "./refused.ts";
import type { Table } from "./table.ts";
import { type Transaction, type Transactions, uniqueness } from "./transactions.ts";
import { describeKey, faultOf, keyText, sameValue, type StoredRow, toStored } from "./values.ts";

interface Write {
  readonly operation: string;
  readonly dataset: Dataset;
  readonly table: Table;
  /** For `replace`: the rows that are to become exactly the given ones. */
  readonly slice: Where | undefined;
}

/** Checks the rows and gathers them by key; the stream is pulled batch by batch. */
const gather = <E, R>(
  { operation, dataset, table, slice }: Write,
  rows: Rows<Dataset, E, R>,
): Effect.Effect<Map<string, StoredRow>, PluginError | E, R> => {
  const columns = Object.entries(dataset.columns);
  const inSlice = slice === undefined ? undefined : matching(dataset.columns, slice);
  const gathered = new Map<string, StoredRow>();

  const add = (given: Readonly<Record<string, unknown>>): PluginError | undefined => {
    const wrong = (message: string) =>
      refused(operation, "constraint", `row ${describeKey(dataset.key, given)}: ${message}`);
    const row: Record<string, unknown> = {};
    for (const [name, column] of columns) {
      const fault = faultOf(column, given[name]);
      if (fault !== undefined) return wrong(`column "${name}": ${fault}`);
      row[name] = toStored(column.type, given[name]);
    }
    const key = keyText(table.columns, table.key, row);
    if (gathered.has(key)) return wrong("the key comes twice in one call");
    if (inSlice !== undefined && !inSlice(row)) return wrong("lies outside the slice to replace");
    gathered.set(key, row);
    return undefined;
  };

  const addBatch = (batch: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
    Effect.suspend(() => {
      for (const row of batch) {
        const failure = add(row);
        if (failure !== undefined) return Effect.fail(failure);
      }
      return Effect.void;
    });

  return Effect.as(
    Stream.isStream(rows) ? Stream.runForEach(rows, addBatch) : addBatch(rows as ReadonlyArray<StoredRow>),
    gathered,
  );
};

interface Changes {
  readonly writes: Map<string, StoredRow | undefined>;
  readonly counts: WriteCounts;
}

/** What must be written so that the given rows are there (and, with a slice, nothing else of it). */
const changes = (
  { dataset, table, slice }: Write,
  transaction: Transaction,
  gathered: ReadonlyMap<string, StoredRow>,
): Changes => {
  const compared = Object.entries(dataset.columns)
    .filter(([name, column]) => !column.bookkeeping && !table.key.includes(name));
  const sparse = Object.keys(table.columns).filter((name) => !Object.hasOwn(dataset.columns, name));
  const absent = Object.fromEntries(sparse.map((name) => [name, null]));
  const writes = new Map<string, StoredRow | undefined>();
  let inserted = 0;
  let updated = 0;
  let unchanged = 0;
  let deleted = 0;
  for (const [key, row] of gathered) {
    const present = transaction.get(table, key);
    if (present === undefined) {
      inserted++;
      writes.set(key, sparse.length === 0 ? row : { ...absent, ...row });
    } else if (compared.every(([name, column]) => sameValue(column.type, present[name], row[name]))) {
      unchanged++;
    } else {
      updated++;
      writes.set(key, sparse.length === 0 ? row : { ...present, ...row });
    }
  }
  if (slice !== undefined) {
    const inSlice = matching(dataset.columns, slice);
    for (const [key, row] of transaction.rows(table)) {
      if (!gathered.has(key) && inSlice(row)) {
        deleted++;
        writes.set(key, undefined);
      }
    }
  }
  return { writes, counts: { inserted, updated, unchanged, deleted } };
};

/** Writes the rows into the transaction, after waiting for others that have written the same ones. */
export const write = <E, R>(
  transactions: Transactions,
  transaction: Transaction,
  what: Write,
  rows: Rows<Dataset, E, R>,
): Effect.Effect<WriteCounts, PluginError | E, R> => {
  const merge = (gathered: ReadonlyMap<string, StoredRow>): Effect.Effect<WriteCounts, PluginError> =>
    Effect.suspend(() => {
      const { counts, writes } = changes(what, transaction, gathered);
      const busy = transactions.rowsFree(transaction, what.table, writes.keys());
      if (busy !== undefined) return Effect.andThen(busy, merge(gathered));
      if (writes.size > 0) {
        const overlay = transaction.overlay(what.table);
        for (const [key, row] of writes) overlay.set(key, row);
      }
      const failure = uniqueness(what.operation, transaction, what.table);
      return failure === undefined ? Effect.succeed(counts) : Effect.fail(failure);
    });
  return Effect.flatMap(gather(what, rows), merge);
};
