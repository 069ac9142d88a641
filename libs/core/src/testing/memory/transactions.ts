import { Cause, Context, Deferred, Effect, Exit } from "effect";
import { isPluginError, type PluginError } from "../../PluginError.ts";
import { refused } from "./refused.ts";
import { repeated, type Table } from "./table.ts";
import { describeKey, type StoredRow } from "./values.ts";

/** Rows a transaction has written and not yet committed, by key text; `undefined` marks a deleted row. */
export type Overlay = Map<string, StoredRow | undefined>;

/** A transaction sees the committed rows under its own overlay, and owns the rows and locks it has touched. */
export class Transaction {
  readonly overlays = new Map<Table, Overlay>();
  readonly ended = Deferred.makeUnsafe<void>();
  readonly waitingFor = new Set<Transaction>();
  open = true;
  /** Set by the first part that failed: nothing of the transaction may be committed any more. */
  failure: PluginError | undefined;

  get(table: Table, key: string): StoredRow | undefined {
    const overlay = this.overlays.get(table);
    return overlay !== undefined && overlay.has(key) ? overlay.get(key) : table.rows.get(key);
  }

  *rows(table: Table): Iterable<readonly [string, StoredRow]> {
    const overlay = this.overlays.get(table);
    if (overlay === undefined) return yield* table.rows;
    for (const entry of table.rows) {
      if (!overlay.has(entry[0])) yield entry;
    }
    for (const [key, row] of overlay) {
      if (row !== undefined) yield [key, row];
    }
  }

  overlay(table: Table): Overlay {
    let overlay = this.overlays.get(table);
    if (overlay === undefined) this.overlays.set(table, overlay = new Map());
    return overlay;
  }
}

/** Whether `from` waits, directly or through others, for `to`. */
const waitsFor = (from: Transaction, to: Transaction): boolean =>
  from === to || Array.from(from.waitingFor).some((next) => waitsFor(next, to));

let stores = 0;

/**
 * Transactions with read-committed isolation: row locks held to the end, named locks, deadlocks refused as
 * `conflict`. A part that fails dooms the whole, also when the caller catches its failure.
 */
export class Transactions {
  private readonly active = new Set<Transaction>();
  private readonly locks = new Map<string, Transaction>();
  /** Rows committed so far: inserted, updated or deleted. */
  written = 0;

  /** The surrounding transaction of this store; stores do not see each other's. */
  readonly current = Context.Reference<Transaction | undefined>(
    `candlewick/core/testing/MemoryTransaction/${++stores}`,
    { defaultValue: () => undefined },
  );

  /** Runs `body` in the surrounding transaction, or in one of its own. */
  run<A, E, R>(
    operation: string,
    body: (transaction: Transaction) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | PluginError, R> {
    return Effect.flatMap(this.current, (outer) => {
      if (outer === undefined) return this.outermost(operation, body);
      if (!outer.open) return Effect.fail(refused(operation, "conflict", "its transaction has ended"));
      return Effect.onExit(body(outer), (exit) => Effect.sync(() => doom(outer, operation, exit)));
    });
  }

  /** Waits until no other transaction holds the named lock, and holds it to the end. */
  lock(transaction: Transaction, name: string): Effect.Effect<void, PluginError> {
    return Effect.suspend(() => {
      const holder = this.locks.get(name);
      if (holder === transaction) return Effect.void;
      if (holder !== undefined) {
        return Effect.andThen(wait(transaction, holder, `lock "${name}"`), this.lock(transaction, name));
      }
      this.locks.set(name, transaction);
      return Effect.void;
    });
  }

  /** Waits until no other transaction has uncommitted writes to these rows. */
  rowsFree(
    transaction: Transaction,
    table: Table,
    keys: Iterable<string>,
  ): Effect.Effect<void, PluginError> | undefined {
    const others = Array.from(this.active).filter((other) =>
      other !== transaction && other.overlays.has(table)
    );
    if (others.length === 0) return undefined;
    for (const key of keys) {
      const owner = others.find((other) => other.overlays.get(table)!.has(key));
      if (owner !== undefined) return wait(transaction, owner, `a row of ${table.name}`);
    }
    return undefined;
  }

  private outermost<A, E, R>(
    operation: string,
    body: (transaction: Transaction) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | PluginError, R> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const transaction = new Transaction();
        this.active.add(transaction);
        const inside = Effect.provideService(body(transaction), this.current, transaction);
        return Effect.flatMap(Effect.exit(restore(inside)), (exit): Effect.Effect<A, E | PluginError> => {
          const failure = Exit.isSuccess(exit)
            ? transaction.failure ?? this.commit(operation, transaction)
            : undefined;
          this.end(transaction);
          return failure === undefined ? exit : Effect.fail(failure);
        });
      })
    );
  }

  private commit(operation: string, transaction: Transaction): PluginError | undefined {
    for (const table of transaction.overlays.keys()) {
      const failure = uniqueness(operation, transaction, table);
      if (failure !== undefined) return failure;
    }
    for (const [table, overlay] of transaction.overlays) {
      this.written += overlay.size;
      for (const [key, row] of overlay) {
        if (row === undefined) table.rows.delete(key);
        else table.rows.set(key, row);
      }
    }
    return undefined;
  }

  private end(transaction: Transaction): void {
    transaction.open = false;
    this.active.delete(transaction);
    for (const [name, holder] of this.locks) {
      if (holder === transaction) this.locks.delete(name);
    }
    Deferred.doneUnsafe(transaction.ended, Exit.void);
  }
}

/** The first unique index that the transaction's view of the table breaks. */
export const uniqueness = (
  operation: string,
  transaction: Transaction,
  table: Table,
): PluginError | undefined => {
  for (const index of table.indexes) {
    if (index.unique !== true) continue;
    const row = repeated(index, Array.from(transaction.rows(table), ([, row]) => row));
    if (row !== undefined) {
      return refused(
        operation,
        "constraint",
        `row ${describeKey(table.key, row)} repeats another in the unique index on (${
          index.columns.join(", ")
        })`,
      );
    }
  }
  return undefined;
};

const doom = (transaction: Transaction, operation: string, exit: Exit.Exit<unknown, unknown>): void => {
  if (Exit.isSuccess(exit) || transaction.failure !== undefined) return;
  const error = Cause.squash(exit.cause);
  transaction.failure = isPluginError(error) && error.reason._tag === "Store"
    ? error
    : refused(operation, "constraint", "a part of the transaction failed, so none of it is stored");
};

const wait = (
  self: Transaction,
  holder: Transaction,
  what: string,
): Effect.Effect<void, PluginError> =>
  Effect.suspend(() => {
    if (waitsFor(holder, self)) {
      return Effect.fail(refused(`waiting for ${what}`, "conflict", "deadlock with another transaction"));
    }
    self.waitingFor.add(holder);
    return Effect.ensuring(Deferred.await(holder.ended), Effect.sync(() => self.waitingFor.delete(holder)));
  });
