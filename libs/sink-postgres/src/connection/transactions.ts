import { type PluginError, Retry, type Sink } from "@candlewick/core";
import { joining } from "@candlewick/sql-store";
import { Effect, Scope } from "effect";
import { type DatabaseError, during, pluginError } from "../DatabaseError.ts";
import type { Connection } from "./Connection.ts";
import type { Diagnosing } from "./diagnosis.ts";
import type { Connections } from "./Pool.ts";
import { Session } from "./Session.ts";

export interface Transactions {
  /** The transaction that the fiber is in. */
  readonly current: Effect.Effect<Session | undefined>;
  /** A connection for something that cannot be repeated: opening it is. */
  readonly borrow: (operation: string) => Effect.Effect<Connection, PluginError.PluginError, Scope.Scope>;
  /** Runs in the fiber's transaction, or in one for itself; `repeated` by the caller when it fails. */
  readonly within: <A, E, R>(
    operation: string,
    body: (session: Session) => Effect.Effect<A, E, R>,
    options?: { readonly repeated: boolean },
  ) => Effect.Effect<A, E | PluginError.PluginError, R>;
  /** One statement, in the fiber's transaction or by itself. */
  readonly statement: <A>(
    operation: string,
    body: (connection: Connection) => Effect.Effect<A, DatabaseError>,
  ) => Effect.Effect<A, PluginError.PluginError>;
  /** For statements on a borrowed connection. */
  readonly diagnosing: Diagnosing;
  readonly transaction: Sink.Sink["Service"]["transaction"];
}

export const make = (
  connections: Connections,
  policy: Retry.RetryPolicy,
  diagnosing: Diagnosing,
): Transactions => {
  const { current, finish, join } = joining<Session>({ during, pluginError });

  const borrowOnce = (operation: string) => Effect.mapError(connections.borrow, during(operation));
  const borrow = (operation: string) =>
    Effect.flatMap(
      Effect.scope,
      (scope) => Retry.retrying(policy)(Scope.provide(borrowOnce(operation), scope)),
    );

  const begin = <A, E, R>(
    operation: string,
    repeated: boolean,
    body: (session: Session) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | PluginError.PluginError, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const scope = yield* Scope.make();
        return yield* Effect.gen(function* () {
          const opened = repeated ? borrowOnce(operation) : borrow(operation);
          const connection = yield* restore(Scope.provide(opened, scope));
          const session = new Session(connection, diagnosing);
          return yield* finish(operation, session, restore(body(session)));
        }).pipe(Effect.onExit((exit) => Scope.close(scope, exit)));
      })
    );

  const within: Transactions["within"] = (operation, body, options) =>
    join(operation, body, begin(operation, options?.repeated === true, body));

  return {
    current,
    borrow,
    within,
    diagnosing,
    statement: (operation, body) =>
      join(
        operation,
        (session) => session.use(operation, body),
        Effect.scoped(Effect.flatMap(
          connections.borrow,
          (connection) => diagnosing(operation, connection, body(connection)),
        )).pipe(Effect.mapError(during(operation))),
      ),
    transaction: (effect, options) =>
      within(
        "transaction",
        (session) =>
          options?.lock === undefined
            ? effect
            : Effect.andThen(session.lock(`lock ${options.lock}`, options.lock), effect),
      ),
  };
};
