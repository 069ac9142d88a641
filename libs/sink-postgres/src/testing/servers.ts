import type { Sink } from "@candlewick/core";
import { afterAll } from "@effect/vitest";
import { Effect, type Layer, ManagedRuntime, Redacted, References, Result, type Scope } from "effect";
import { type Address, parse } from "../connection/address.ts";
import { awaiting, Connection } from "../connection/Connection.ts";
import type { EmbeddedPostgresError } from "../embedded/EmbeddedPostgresError.ts";
import { TemporaryPostgres } from "../embedded/testing.ts";
import * as PostgresSink from "../PostgresSink.ts";

export interface TestDatabase {
  readonly address: Address;
  readonly sink: Sink.Sink["Service"];
  /** Runs SQL past the sink, on one connection of its own; the last statement's rows, as text. */
  readonly sql: (text: string) => Effect.Effect<ReadonlyArray<ReadonlyArray<string | null>>>;
}

export const addressOf = (url: Redacted.Redacted<string>): Address =>
  Result.getOrThrow(parse(Redacted.value(url)));

export const sinkOn = (address: Address, options: Partial<PostgresSink.PostgresSinkOptions> = {}) =>
  PostgresSink.make({ ...PostgresSink.defaults, ...options, address });

export const connectionTo = (address: Address) =>
  Connection.open(address, { connectTimeout: 10_000, statementTimeout: 0, lockTimeout: 0 });

/** A server for the tests of a file, started by the first. */
export const serverForTests = (
  layer: Layer.Layer<TemporaryPostgres, EmbeddedPostgresError> = TemporaryPostgres.layer,
) => {
  const runtime = ManagedRuntime.make(layer);
  let shared: Promise<Address> | undefined;
  afterAll(() => runtime.dispose());

  const secrets: Array<string> = [];
  const fresh = Effect.flatMap(TemporaryPostgres, (server) => Effect.map(server.freshDatabase, addressOf));

  return {
    /** Runs the body of a test. */
    run: <A, E>(body: Effect.Effect<A, E, TemporaryPostgres | Scope.Scope>): Promise<A> =>
      runtime.runPromise(Effect.scoped(body).pipe(Effect.provideService(References.MinimumLogLevel, "Warn"))),
    /** A sink on a database that all tests of the file share. */
    sharedSink: Effect.flatMap(
      Effect.promise(() => shared ??= runtime.runPromise(fresh)),
      (address) => {
        if (address.password !== undefined) secrets.push(Redacted.value(address.password));
        return sinkOn(address);
      },
    ),
    /** A database of its own, whose sink and whatever else the test opens. */
    freshAddress: Effect.map(
      Effect.promise(() => runtime.runPromise(fresh)),
      (address) => {
        if (address.password !== undefined) secrets.push(Redacted.value(address.password));
        return address;
      },
    ),
    /** Runs SQL on a connection of its own, which lives as long as the scope. */
    connectedTo: Effect.fnUntraced(function* (address: Address) {
      const connection = yield* connectionTo(address);
      const sql: TestDatabase["sql"] = (text) =>
        Effect.map(Effect.orDie(awaiting(connection, () => connection.query(text))), ({ rows }) => rows);
      return sql;
    }),
    /** The passwords of the sinks made. */
    secrets,
    /** A database of a test's own. */
    database: (options: Partial<PostgresSink.PostgresSinkOptions> = {}) =>
      Effect.gen(function* () {
        const address = yield* fresh;
        const sink = yield* sinkOn(address, options);
        const connection = yield* connectionTo(address);
        return {
          address,
          sink,
          sql: (text) =>
            Effect.map(Effect.orDie(awaiting(connection, () => connection.query(text))), ({ rows }) => rows),
        } satisfies TestDatabase;
      }),
  };
};
