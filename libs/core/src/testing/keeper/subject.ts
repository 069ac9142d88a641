import { expect, it } from "@effect/vitest";
import { Effect, type Scope } from "effect";
import type { Backup, Keeper, StoreStatus } from "../../Keeper.ts";
import type { PluginError, Store } from "../../PluginError.ts";
import { type SinkService, stored, storeFailure } from "../sink/subject.ts";
import type { Dataset, Row } from "../../Dataset.ts";

/** A store under test, opened by its sink and by its keeper in turns, never by both at once. */
export interface KeptStore {
  readonly sink: Effect.Effect<SinkService, PluginError, Scope.Scope>;
  readonly keeper: Effect.Effect<Keeper, PluginError, Scope.Scope>;
  /** A table of the user's own in the same store; the suite makes it once, while neither of the above is open. */
  readonly ownTable: {
    readonly make: Effect.Effect<void, unknown>;
    /** Its rows in any form that can be compared. */
    readonly rows: Effect.Effect<unknown, unknown>;
  };
}

/** A keeper under test. */
export interface KeeperSubject {
  /** Title of the suite. */
  readonly name: string;
  /** A store with nothing in it and without backups, made anew for each test. */
  readonly make: Effect.Effect<KeptStore, unknown, Scope.Scope>;
  /** Ways to spoil a backup that holds a table with rows, by what they do: `a bit is flipped`. */
  readonly damages: Readonly<Record<string, (backup: Backup) => Effect.Effect<void, unknown>>>;
  /** Passwords and the like, looked for in locations and in messages of errors. */
  readonly secrets?: ReadonlyArray<string>;
}

/** What the tests do with a store. */
export interface Tools {
  /** Opens the store as a run does, and closes it. */
  readonly run: <A, E>(
    body: (sink: SinkService) => Effect.Effect<A, E, Scope.Scope>,
  ) => Effect.Effect<A, E | PluginError>;
  /** Opens the store for its upkeep, and closes it. */
  readonly keep: <A, E>(
    body: (keeper: Keeper) => Effect.Effect<A, E, Scope.Scope>,
  ) => Effect.Effect<A, E | PluginError>;
  readonly status: Effect.Effect<StoreStatus, PluginError>;
  readonly backup: Effect.Effect<Backup, PluginError>;
  readonly restore: (backup: Backup) => Effect.Effect<void, PluginError>;
  /** Writes rows into an ensured dataset. */
  readonly write: <D extends Dataset>(
    dataset: D,
    rows: ReadonlyArray<Row<D>>,
  ) => Effect.Effect<void, PluginError>;
  /** All rows of a dataset in the order of its key. */
  readonly rows: <D extends Dataset>(dataset: D) => Effect.Effect<ReadonlyArray<Row<D>>, PluginError>;
  readonly ownTable: KeptStore["ownTable"];
}

const toolsOf = ({ keeper, ownTable, sink }: KeptStore): Tools => {
  const run: Tools["run"] = (body) => Effect.scoped(Effect.flatMap(sink, body));
  const keep: Tools["keep"] = (body) => Effect.scoped(Effect.flatMap(keeper, body));
  return {
    run,
    keep,
    status: keep(({ status }) => status),
    backup: keep(({ backup }) => backup),
    restore: (backup) => keep(({ restore }) => restore(backup)),
    write: (dataset, rows) =>
      run((sink) => Effect.andThen(sink.ensure(dataset), Effect.asVoid(sink.upsert(dataset, rows)))),
    rows: (dataset) => run((sink) => stored(sink, dataset)),
    ownTable,
  };
};

/** Stores answer in real time. */
const TIMEOUT = 60_000;

/** Declares the tests of one topic. */
export type Topic = (
  test: (title: string, body: (tools: Tools) => Effect.Effect<void, unknown, Scope.Scope>) => void,
  subject: KeeperSubject,
) => void;

export const declare = (subject: KeeperSubject, topic: Topic): void =>
  topic(
    (title, body) =>
      it.live(title, () => Effect.flatMap(subject.make, (store) => body(toolsOf(store))), TIMEOUT),
    subject,
  );

/** The rows of each table, by name. */
export const counts = ({ tables }: StoreStatus): Readonly<Record<string, number>> =>
  Object.fromEntries(tables.map(({ name, rows }) => [name, rows]));

/** The failure of an operation, which must be of reason `Store` with this fault, and show no secret. */
export const refusal = Effect.fnUntraced(function* (
  { secrets = [] }: Pick<KeeperSubject, "secrets">,
  operation: Effect.Effect<unknown, PluginError>,
  fault: Store["fault"],
) {
  const found = yield* storeFailure(operation);
  expect(found.fault, found.error.message).toBe(fault);
  for (const secret of secrets) expect(found.error.message).not.toContain(secret);
  return found.error;
});
