import { Effect, Stream } from "effect";
import { columnNames, type Columns, type Dataset, type Row, type View } from "../Dataset.ts";
import type { PluginError } from "../PluginError.ts";
import { Sink } from "../Sink.ts";
import { makeTryLock } from "./memory/locks.ts";
import { comparing, whereFault } from "./memory/query.ts";
import { refused } from "./memory/refused.ts";
import { type Asked, batches, found, selectionFault } from "./memory/select.ts";
import * as Table from "./memory/table.ts";
import { type Transaction, Transactions } from "./memory/transactions.ts";
import type { StoredRow } from "./memory/values.ts";
import { viewColumns, viewRows } from "./memory/view.ts";
import { write } from "./memory/write.ts";

/** One call of a sink operation; `dataset` is empty for a transaction and for a lock. */
export interface MemoryOperation {
  readonly kind: "ensure" | "ensureView" | "upsert" | "replace" | "select" | "transaction" | "tryLock";
  readonly dataset: string;
}

export interface MemorySinkOptions {
  /** Called before each operation: to make one fail, wait or be counted. */
  readonly before?: (operation: MemoryOperation) => Effect.Effect<void, PluginError>;
  /** Rows in one batch of a selection. */
  readonly batchRows?: number;
}

type SinkService = Sink["Service"];

/** A sink in memory, and a look inside it that takes part in no transaction. */
export interface MemorySink extends SinkService {
  /** Committed rows in the order of their key; none for a dataset that was never ensured. */
  readonly rows: <D extends Dataset>(dataset: D) => ReadonlyArray<Row<D>>;
  /** All committed rows by dataset, to compare the whole store before and after. */
  readonly contents: () => Readonly<Record<string, ReadonlyArray<StoredRow>>>;
  /** Every operation called so far, in order. */
  readonly operations: () => ReadonlyArray<MemoryOperation>;
  /** Rows committed so far: inserted, updated or deleted. */
  readonly written: () => number;
}

/** What a selection reads: a table or a view, as one transaction sees it. */
interface Readable {
  readonly columns: Columns;
  readonly rows: (transaction: Transaction) => Iterable<StoredRow>;
}

/**
 * A fresh empty store in memory that keeps the whole contract of sinks (`docs/contract.md`), for tests of DAGs.
 * Stricter than a store may be in two ways, so that no DAG comes to rely on luck: datasets are not ensured
 * inside a transaction, and a part of a transaction that failed dooms all of it.
 */
export const memorySink = (options: MemorySinkOptions = {}): Effect.Effect<MemorySink> =>
  Effect.sync(() => {
    const batchRows = options.batchRows ?? 1_000;
    const tables = new Map<string, Table.Table>();
    const views = new Map<string, View>();
    const transactions = new Transactions();
    const log: Array<MemoryOperation> = [];

    const begin = (kind: MemoryOperation["kind"], dataset = ""): Effect.Effect<void, PluginError> =>
      Effect.suspend(() => {
        log.push({ kind, dataset });
        return options.before?.({ kind, dataset }) ?? Effect.void;
      });

    const tableOf = (operation: string, dataset: Dataset): Effect.Effect<Table.Table, PluginError> =>
      Effect.suspend(() => {
        const table = tables.get(dataset.name);
        const fault = table === undefined ? "it was never ensured" : Table.misfit(table, dataset);
        return table === undefined || fault !== undefined
          ? Effect.fail(refused(operation, "schema", `dataset ${dataset.name}: ${fault}`))
          : Effect.succeed(table);
      });

    const readable = Effect.fnUntraced(function* (operation: string, dataset: Dataset) {
      const view = views.get(dataset.name);
      if (view === undefined) {
        const table = yield* tableOf(operation, dataset);
        const found: Readable = {
          columns: dataset.columns,
          *rows(transaction) {
            for (const [, row] of transaction.rows(table)) yield row;
          },
        };
        return found;
      }
      const base = yield* tableOf(operation, view.base);
      const joined = yield* tableOf(operation, view.joined);
      const columns = viewColumns(view, base, joined);
      const missing = columnNames(dataset).find((name) => !Object.hasOwn(columns, name));
      if (missing !== undefined) {
        return yield* refused(operation, "schema", `view ${view.name} has no column "${missing}"`);
      }
      const found: Readable = { columns, rows: (transaction) => viewRows(view, base, joined, transaction) };
      return found;
    });

    const outsideTransaction = (operation: string) =>
      Effect.flatMap(
        transactions.current,
        (current) =>
          current === undefined
            ? Effect.void
            : Effect.fail(refused(operation, "schema", "datasets are ensured before a transaction begins")),
      );

    const ensure: SinkService["ensure"] = Effect.fnUntraced(function* (dataset) {
      const operation = `ensure ${dataset.name}`;
      yield* begin("ensure", dataset.name);
      yield* outsideTransaction(operation);
      const table = tables.get(dataset.name);
      const refusal = views.has(dataset.name)
        ? "a view has this name"
        : table && Table.refusal(table, dataset);
      if (refusal !== undefined) {
        return yield* refused(operation, "schema", `dataset ${dataset.name}: ${refusal}`);
      }
      if (table === undefined) tables.set(dataset.name, Table.create(dataset));
      else Table.evolve(table, dataset);
    });

    const ensureView: SinkService["ensureView"] = Effect.fnUntraced(function* (view) {
      const operation = `ensure view ${view.name}`;
      yield* begin("ensureView", view.name);
      yield* outsideTransaction(operation);
      yield* tableOf(operation, view.base);
      yield* tableOf(operation, view.joined);
      if (tables.has(view.name)) return yield* refused(operation, "schema", "a dataset has this name");
      views.set(view.name, view);
    });

    const writing = (kind: "upsert" | "replace", dataset: Dataset) => {
      const operation = `${kind} ${dataset.name}`;
      return { operation, table: Effect.andThen(begin(kind, dataset.name), tableOf(operation, dataset)) };
    };

    const upsert: SinkService["upsert"] = (dataset, rows) => {
      const { operation, table } = writing("upsert", dataset);
      return transactions.run(operation, (transaction) =>
        Effect.flatMap(
          table,
          (table) => write(transactions, transaction, { operation, dataset, table, slice: undefined }, rows),
        ));
    };

    const replace: SinkService["replace"] = (dataset, slice, rows) => {
      const { operation, table } = writing("replace", dataset);
      return transactions.run(operation, (transaction) =>
        Effect.flatMap(table, (table) => {
          const fault = whereFault(dataset.columns, slice);
          return fault === undefined
            ? write(transactions, transaction, { operation, dataset, table, slice }, rows)
            : Effect.fail(refused(operation, "schema", fault));
        }));
    };

    const select = (
      dataset: Dataset,
      asked: Asked = {},
    ): Stream.Stream<ReadonlyArray<StoredRow>, PluginError> => {
      const operation = `select ${dataset.name}`;
      const names = asked.columns ?? columnNames(dataset);
      return Stream.unwrap(transactions.run(operation, (transaction) =>
        Effect.gen(function* () {
          yield* begin("select", dataset.name);
          const { columns, rows } = yield* readable(operation, dataset);
          const fault = selectionFault(columns, asked);
          if (fault !== undefined) return yield* refused(operation, "schema", fault);
          const kept = found(columns, asked, rows(transaction));
          return Stream.fromIteratorSucceed(batches(columns, names, kept, batchRows), 1);
        })));
    };

    const transaction: SinkService["transaction"] = (effect, transactionOptions) =>
      Effect.andThen(
        begin("transaction"),
        transactions.run("transaction", (transaction) =>
          transactionOptions?.lock === undefined
            ? effect
            : Effect.andThen(transactions.lock(transaction, transactionOptions.lock), effect)),
      );

    const takeLock = makeTryLock();
    const tryLock: SinkService["tryLock"] = (name) => Effect.andThen(begin("tryLock"), takeLock(name));

    const committed = (table: Table.Table): ReadonlyArray<StoredRow> => {
      const rows = [...table.rows.values()].sort(comparing(table.columns, table.key));
      return [...batches(table.columns, Object.keys(table.columns), rows, Infinity)].flat();
    };

    return {
      id: "memory",
      location: "memory of this process",
      ensure,
      ensureView,
      upsert,
      replace,
      select: select as SinkService["select"],
      transaction,
      tryLock,
      rows: <D extends Dataset>(dataset: D) => {
        const table = tables.get(dataset.name);
        return (table === undefined ? [] : committed(table)) as ReadonlyArray<Row<D>>;
      },
      contents: () => Object.fromEntries(Array.from(tables, ([name, table]) => [name, committed(table)])),
      operations: () => [...log],
      written: () => transactions.written,
    };
  });
