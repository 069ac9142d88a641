import { type Dataset, type PluginError, Retry, Sink } from "@candlewick/core";
import { Effect, Layer, type Scope } from "effect";
import { type Address, display } from "./connection/address.ts";
import { awaiting } from "./connection/Connection.ts";
import { makeDiagnosing } from "./connection/diagnosis.ts";
import { type LockOptions, makeTryLock } from "./connection/heldLock.ts";
import * as Pool from "./connection/Pool.ts";
import * as Transactions from "./connection/transactions.ts";
import { during, failure, PLUGIN } from "./DatabaseError.ts";
import { makeEnsure } from "./ensure.ts";
import { makeReader } from "./read.ts";
import { makeWriter } from "./write/write.ts";

export interface PostgresSinkOptions extends LockOptions {
  readonly address: Address;
  /** For people, without a secret; default: database, host and port. */
  readonly location?: string;
  /** Connections at most: writers and readers side by side. */
  readonly connections: number;
}

export const defaults = {
  connections: 8,
  connectTimeout: 10_000,
  statementTimeout: 600_000,
  lockTimeout: 60_000,
  // While the server is away nobody else can take a lock either: what a run does meanwhile is its own to bound.
  lockPatience: 120_000,
} as const;

/**
 * For what can be repeated whole: rows given as an array, definitions, opening a connection. Not for streams and
 * transactions of the caller: what they pulled or did in between is theirs to repeat.
 */
const repeating: Retry.RetryPolicy = { attempts: 4, delay: 100, maxDelay: 2_000, rateLimitWaits: 0 };

/** PostgreSQL 13: `gen_random_uuid` and the like are not needed, but nothing older is supported by anyone. */
const OLDEST = 130_000;

const SERVER = "select current_setting('server_version_num'), getdatabaseencoding()";

/** Refuses a server that would fail later, in the middle of a run. */
export const checkServer = (connections: Pool.Connections) =>
  Effect.scoped(Effect.gen(function* () {
    const connection = yield* connections.borrow;
    const { rows } = yield* awaiting(connection, () => connection.query(SERVER));
    const [version, encoding] = rows[0]!;
    if (Number(version) < OLDEST) {
      return yield* failure("schema", `PostgreSQL 13 or newer is needed; this server is ${version}`);
    }
    if (encoding !== "UTF8") {
      return yield* failure("schema", `the database must be encoded in UTF8; this one is ${encoding}`);
    }
  }));

/** A sink over a database that exists. Fails when it cannot be reached or used. */
export const make = Effect.fnUntraced(function* (
  options: PostgresSinkOptions,
): Effect.fn.Return<Sink.Sink["Service"], PluginError.PluginError, Scope.Scope> {
  const location = options.location ?? display(options.address);
  const connections = yield* Pool.make(options.address, { ...options, size: options.connections });
  yield* Effect.mapError(checkServer(connections), during(`connect to ${location}`));
  const transactions = Transactions.make(
    connections,
    repeating,
    makeDiagnosing(options.address, options),
  );
  const write = makeWriter(transactions, repeating);
  const select = makeReader(transactions);
  const { ensure, ensureView, forget } = makeEnsure(transactions, repeating);
  const tryLock = makeTryLock(options.address, options, repeating);
  return {
    id: PLUGIN,
    location,
    ensure,
    ensureView,
    upsert: (dataset, rows) => write("upsert", dataset, undefined, rows),
    replace: (dataset, slice, rows) => write("replace", dataset, slice, rows),
    // The columns asked for are the columns that come: what `Selection` says in types.
    select: ((dataset: Dataset.Dataset, selection) =>
      select(dataset, selection)) as Sink.Sink["Service"]["select"],
    transaction: transactions.transaction,
    tryLock: (name) =>
      Effect.tap(tryLock(name), (lock) => lock === undefined ? Effect.void : Effect.sync(forget)),
  };
});

export const layer = (options: PostgresSinkOptions): Layer.Layer<Sink.Sink, PluginError.PluginError> =>
  Layer.effect(Sink.Sink, make(options));
