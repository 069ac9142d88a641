import type { PluginError, Sink } from "@candlewick/core";
import { joining } from "@candlewick/sql-store";
import { Effect, Scope } from "effect";
import { during, pluginError } from "../DatabaseError.ts";
import type { Database } from "./Database.ts";
import { Session } from "./Session.ts";

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
  const { current, finish, join } = joining<Session>({ during, pluginError });

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
          const result = yield* finish(operation, session, restore(body(session)));
          yield* database.guardLog;
          return result;
        }).pipe(Effect.onExit((exit) => Scope.close(scope, exit))))
    ));

  const within: Transactions["within"] = (operation, body) => join(operation, body, begin(operation, body));

  return {
    database,
    current,
    within,
    // Who writes is alone: a transaction holds every lock that it or another could name.
    transaction: (effect) => within("transaction", () => effect),
  };
};
