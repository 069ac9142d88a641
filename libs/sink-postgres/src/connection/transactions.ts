import { PluginError, Retry, type Sink } from "@candlewick/core";
import { Cause, Context, Effect, Exit, Scope } from "effect";
import { type DatabaseError, during, pluginError } from "../DatabaseError.ts";
import type { Connection } from "./Connection.ts";
import type { Diagnosing } from "./diagnosis.ts";
import type { Connections } from "./Pool.ts";
import { partFailed, Session } from "./Session.ts";

/** A part's own error, or what stands for a failure that is not the sink's. */
const failureOf = (operation: string, cause: Cause.Cause<unknown>): PluginError.PluginError => {
  const error = cause.reasons.find(Cause.isFailReason)?.error;
  return PluginError.isPluginError(error)
    ? error
    : pluginError(operation, "constraint", "it failed or was given up");
};

/** Each sink has a transaction of its own in a fiber. */
let sinks = 0;

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
  const Current = Context.Reference<Session | undefined>(`candlewick/sink-postgres/Session/${++sinks}`, {
    defaultValue: () => undefined,
  });

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
          const exit = yield* Effect.exit(
            restore(Effect.provideService(body(session), Current, session)),
          );
          if (Exit.isSuccess(exit) && session.failure === undefined) {
            yield* Effect.mapError(session.commit(), during(operation));
            return exit.value;
          }
          yield* session.rollback();
          if (Exit.isFailure(exit)) return yield* exit;
          return yield* partFailed(operation, session.failure!);
        }).pipe(Effect.onExit((exit) => Scope.close(scope, exit)));
      })
    );

  /** A part that fails takes the whole with it, whatever its caller makes of the failure. */
  const join = <A, E, R>(
    operation: string,
    session: Session,
    body: (session: Session) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E, R> =>
    Effect.onExit(body(session), (exit) =>
      Effect.sync(() => {
        if (Exit.isFailure(exit)) session.fail(failureOf(operation, exit.cause));
      }));

  const within: Transactions["within"] = (operation, body, options) =>
    Effect.flatMap(
      Current,
      (session) =>
        session === undefined
          ? begin(operation, options?.repeated === true, body)
          : join(operation, session, body),
    );

  return {
    current: Current,
    borrow,
    within,
    diagnosing,
    statement: (operation, body) =>
      Effect.flatMap(
        Current,
        (session) =>
          session === undefined
            ? Effect.scoped(Effect.flatMap(
              connections.borrow,
              (connection) => diagnosing(operation, connection, body(connection)),
            )).pipe(Effect.mapError(during(operation)))
            : join(operation, session, () => session.use(operation, body)),
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
