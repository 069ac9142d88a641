import { Context, type Effect, type Scope, type Stream } from "effect";
import type { ColumnName, Dataset, Row, View } from "./Dataset.ts";
import type { PluginError } from "./PluginError.ts";
import type { Where } from "./Where.ts";

/** Rows in batches; the sink pulls the next batch when it has written the last. */
export type Rows<D extends Dataset, E = never, R = never> =
  | ReadonlyArray<Row<D>>
  | Stream.Stream<ReadonlyArray<Row<D>>, E, R>;

export interface WriteCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that were there already, equal in all but bookkeeping columns; nothing was written for them. */
  readonly unchanged: number;
  /** Rows of the slice that are gone; always 0 for an upsert. */
  readonly deleted: number;
}

export const noWrites: WriteCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };

export const addCounts = (left: WriteCounts, right: WriteCounts): WriteCounts => ({
  inserted: left.inserted + right.inserted,
  updated: left.updated + right.updated,
  unchanged: left.unchanged + right.unchanged,
  deleted: left.deleted + right.deleted,
});

export interface Selection<D extends Dataset, K extends ColumnName<D> = ColumnName<D>> {
  /** Default: all columns. */
  readonly columns?: ReadonlyArray<K>;
  readonly where?: Where;
  readonly orderBy?: ReadonlyArray<ColumnName<D> | readonly [column: ColumnName<D>, direction: "desc"]>;
  readonly limit?: number;
}

/** A named lock that is held. */
export interface Lock {
  /**
   * Fails when the lock was lost, for its connection was cut, and could not be taken again at once: as `conflict`
   * when another has it now, as `connection` when the store stays away. Never ends otherwise.
   */
  readonly lost: Effect.Effect<never, PluginError>;
}

/**
 * A store for any dataset. All failures are `PluginError` with reason `Store`, and a failed operation leaves
 * the store as it was. The numbered rules are in `docs/contract.md`; `sinkContract` asserts them.
 */
export class Sink extends Context.Service<Sink, {
  /** Plugin id. */
  readonly id: string;
  /** Where the data lies, for people: host and database or file; no secret. */
  readonly location: string;
  /**
   * Makes the store ready for the dataset: creates it, or adds missing columns and indexes. Idempotent. What
   * would lose or reinterpret data (a changed type, a changed key) is refused by column name.
   */
  readonly ensure: (dataset: Dataset) => Effect.Effect<void, PluginError>;
  /** Creates or replaces a view over ensured datasets. */
  readonly ensureView: (view: View) => Effect.Effect<void, PluginError>;
  /**
   * Inserts new rows and updates those that differ, by key, all or nothing. A key that comes twice in one call
   * is an error that names it. A failing stream rolls everything back.
   */
  readonly upsert: <D extends Dataset, E = never, R = never>(
    dataset: D,
    rows: Rows<D, E, R>,
  ) => Effect.Effect<WriteCounts, PluginError | E, R>;
  /**
   * Makes the rows that match `slice` exactly these, atomically: rows not given are deleted, rows that differ
   * are written. Every given row must lie in the slice.
   */
  readonly replace: <D extends Dataset, E = never, R = never>(
    dataset: D,
    slice: Where,
    rows: Rows<D, E, R>,
  ) => Effect.Effect<WriteCounts, PluginError | E, R>;
  /** Rows in batches; memory does not grow with their number. */
  readonly select: <D extends Dataset, K extends ColumnName<D> = ColumnName<D>>(
    dataset: D,
    selection?: Selection<D, K>,
  ) => Stream.Stream<ReadonlyArray<Pick<Row<D>, K & keyof Row<D>>>, PluginError>;
  /**
   * Everything inside commits together or not at all; nested calls join the outer transaction. `lock` names a
   * lock held to the end: of two transactions that name the same one, the second waits. Reads inside see the
   * writes before them.
   */
  readonly transaction: <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    options?: { readonly lock?: string },
  ) => Effect.Effect<A, E | PluginError, R>;
  /**
   * A named lock, held until the scope closes or the process dies: one holder at a time among all processes on
   * the store. `undefined` when another holds it now, or while a keeper restores or empties the store; never waits. Not the lock that a transaction names, and held
   * beside any number of transactions.
   */
  readonly tryLock: (name: string) => Effect.Effect<Lock | undefined, PluginError, Scope.Scope>;
}>()("candlewick/core/Sink") {}
