import { PluginError } from "@candlewick/core";
import { Cause, Context, Effect, Exit } from "effect";
import type { Errors, Fault, StoreFailure } from "./errors.ts";
import type { StoreSession } from "./StoreSession.ts";

/** Each sink has a transaction of its own in a fiber. */
let sinks = 0;

/** How the parts of a transaction find it in their fiber, and how they end it together. */
export interface Joining<S> {
  /** The transaction that the fiber is in. */
  readonly current: Effect.Effect<S | undefined>;
  /**
   * Runs a part in the fiber's transaction, or `alone` when there is none. A part that fails takes the whole with it,
   * whatever its caller makes of the failure.
   */
  readonly join: <A, E, R>(
    operation: string,
    part: (session: S) => Effect.Effect<A, E, R>,
    alone: Effect.Effect<A, E | PluginError.PluginError, R>,
  ) => Effect.Effect<A, E | PluginError.PluginError, R>;
  /** Runs what a transaction is for, then commits, or rolls back. Only `body` may be interruptible. */
  readonly finish: <A, E, R>(
    operation: string,
    session: S,
    body: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | PluginError.PluginError, R>;
}

export const joining = <S extends StoreSession<unknown, StoreFailure>>(
  { during, pluginError }: Errors,
): Joining<S> => {
  const Current = Context.Reference<S | undefined>(`candlewick/sql-store/Session/${++sinks}`, {
    defaultValue: () => undefined,
  });

  /** A part's own error, or what stands for a failure that is not the sink's. */
  const failureOf = (operation: string, cause: Cause.Cause<unknown>): PluginError.PluginError => {
    const error = cause.reasons.find(Cause.isFailReason)?.error;
    return PluginError.isPluginError(error)
      ? error
      : pluginError(operation, "constraint", "it failed or was given up");
  };

  /** The error of a transaction that went on after a part of it had failed. */
  const partFailed = (operation: string, failure: PluginError.PluginError): PluginError.PluginError => {
    const fault: Fault = failure.reason._tag === "Store" ? failure.reason.fault : "constraint";
    return pluginError(
      operation,
      fault,
      `nothing was committed, because a part of the transaction failed: ${failure.message}`,
    );
  };

  return {
    current: Current,
    join: (operation, part, alone) =>
      Effect.flatMap(
        Current,
        (session) =>
          session === undefined ? alone : Effect.onExit(part(session), (exit) =>
            Effect.sync(() => {
              if (Exit.isFailure(exit)) session.fail(failureOf(operation, exit.cause));
            })),
      ),
    finish: (operation, session, body) =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(Effect.provideService(body, Current, session));
        if (Exit.isSuccess(exit) && session.failure === undefined) {
          yield* Effect.mapError(session.commit(), during(operation));
          return exit.value;
        }
        yield* session.rollback();
        if (Exit.isFailure(exit)) return yield* exit;
        return yield* partFailed(operation, session.failure!);
      }),
  };
};
