import { PluginError, type Sink } from "@candlewick/core";
import { Cause, Context, Effect, Exit, Scope } from "effect";
import { during, pluginError } from "../DatabaseError.ts";
import type { Database } from "./Database.ts";
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
  readonly database: Database;
  /** The transaction that the fiber is in. */
  readonly current: Effect.Effect<Session | undefined>;
  /** Runs in the fiber's transaction, or in one for itself, for which it waits its turn. */
  readonly within: <A, E, R>(
    operation: string,
    body: (session: Session) => Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | PluginError.PluginError, R>;
  readonly transaction: Sink.Sink["Service"]["transaction"];
}

export const make = (database: Database): Transactions => {
  const Current = Context.Reference<Session | undefined>(`candlewick/sink-duckdb/Session/${++sinks}`, {
    defaultValue: () => undefined,
  });

  /** Alone with the file's other writers waiting: the snapshot of the transaction holds all they have committed. */
  const begin = <A, E, R>(
    operation: string,
    body: (session: Session) => Effect.Effect<A, E, R>,
  ): Effect.Effect<A, E | PluginError.PluginError, R> =>
    database.turn.withPermit(Effect.uninterruptibleMask((restore) =>
      // The scope of the connection is not one for the body: what that acquires is its own to keep.
      Effect.flatMap(Scope.make(), (scope) =>
        Effect.gen(function* () {
          const fail = Effect.mapError(during(operation));
          const connection = yield* fail(Scope.provide(database.connect, scope));
          yield* fail(connection.run("begin transaction"));
          const session = new Session(connection);
          const exit = yield* Effect.exit(restore(Effect.provideService(body(session), Current, session)));
          if (Exit.isSuccess(exit) && session.failure === undefined) {
            yield* fail(session.commit());
            yield* database.guardLog;
            return exit.value;
          }
          yield* session.rollback();
          if (Exit.isFailure(exit)) return yield* exit;
          return yield* partFailed(operation, session.failure!);
        }).pipe(Effect.onExit((exit) => Scope.close(scope, exit))))
    ));

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

  const within: Transactions["within"] = (operation, body) =>
    Effect.flatMap(
      Current,
      (session) => session === undefined ? begin(operation, body) : join(operation, session, body),
    );

  return {
    database,
    current: Current,
    within,
    // Who writes is alone: a transaction holds every lock that it or another could name.
    transaction: (effect) => within("transaction", () => effect),
  };
};
