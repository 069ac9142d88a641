import type { Effect } from "effect";
import type { PluginError } from "./PluginError.ts";

/** A table that a sink made for a dataset. Tables of the user's own in the same store are none of ours. */
export interface TableStatus {
  readonly name: string;
  readonly rows: number;
  /** What it takes on disk, indexes included, as far as the store can tell. */
  readonly bytes?: number;
  /** For time series with rows: the first and the last instant, epoch ms. */
  readonly span?: { readonly first: number; readonly last: number };
}

export interface StoreStatus {
  /** What the store takes on disk. */
  readonly bytes: number;
  /** By name. */
  readonly tables: ReadonlyArray<TableStatus>;
}

/** A backup that is whole. */
export interface Backup {
  /** Begins with the time it was made, UTC: `20261121T101500Z`. Newer ones sort later. */
  readonly name: string;
  /** Its file or folder. */
  readonly path: string;
  /** Epoch ms. */
  readonly madeAt: number;
  readonly bytes: number;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
}

/**
 * What keeps a store in order, for `runner:db`. Only the tables that the sink made are touched. All failures are
 * `PluginError` with reason `Store`, and a failed operation leaves the store as it was. Who calls asks the user first.
 *
 * A run has the store while it holds a lock of it (`Sink.tryLock`): then `restore` and `truncate` fail as `conflict`,
 * and while they are at work no run gets a lock. Backups lie in `backups/<sink id>/` below the project's state folder,
 * apart for real and invented data. The numbered rules are in `docs/contract.md`; `keeperContract` asserts them.
 */
export interface Keeper {
  /** Plugin id. */
  readonly id: string;
  /** Where the data lies, for people; no secret. */
  readonly location: string;
  readonly status: Effect.Effect<StoreStatus, PluginError>;
  /** All whole backups of this store, the newest first. */
  readonly backups: Effect.Effect<ReadonlyArray<Backup>, PluginError>;
  /** Makes one, of one state of the store. */
  readonly backup: Effect.Effect<Backup, PluginError>;
  /**
   * Makes all tables of the store what they are in the backup, in one step, and compares them with it row for row
   * before that step; a table that the backup does not know is removed. Fails as `schema` when a backup is damaged.
   */
  readonly restore: (backup: Backup) => Effect.Effect<void, PluginError>;
  /** Empties the tables, in one step; answers the rows removed by table. */
  readonly truncate: (
    tables: ReadonlyArray<string>,
  ) => Effect.Effect<Readonly<Record<string, number>>, PluginError>;
}
