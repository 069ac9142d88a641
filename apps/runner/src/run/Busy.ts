import { PluginError } from "@candlewick/core";
import { Effect, Exit, Scope } from "effect";
import type { IfRunning } from "../config/ConfigFile.ts";
import { ExitCode, Refusal } from "../Refusal.ts";

/** Milliseconds between two looks whether the store is free. */
const POLL = 1_000;

const isBusy = (error: unknown): error is PluginError.PluginError =>
  PluginError.isPluginError(error) && error.reason._tag === "Store" && error.reason.fault === "conflict";

/**
 * Opens a store that only one process at a time can have. While another has it, says so once and waits for it, or
 * leaves with the exit code for that. What a failed attempt held is given back at once.
 */
export const openWhenFree = <A, E, R>(
  open: Effect.Effect<A, E, R>,
  ifRunning: IfRunning,
): Effect.Effect<A, E | Refusal, R | Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope;
    const attempt = Effect.gen(function* () {
      const own = yield* Scope.fork(scope);
      return yield* Effect.onExit(
        Effect.provideService(open, Scope.Scope, own),
        (exit) => Exit.isFailure(exit) ? Scope.close(own, exit) : Effect.void,
      );
    });
    let hasWaited = false;
    for (;;) {
      const exit = yield* Effect.exit(attempt);
      if (Exit.isSuccess(exit)) {
        if (hasWaited) yield* Effect.logInfo("the store is free");
        return exit.value;
      }
      const error = Exit.findErrorOption(exit).valueOrUndefined;
      if (!isBusy(error)) return yield* exit;
      if (ifRunning === "leave") {
        return yield* new Refusal({ problems: [error.message], code: ExitCode.busy });
      }
      if (!hasWaited) {
        yield* Effect.logWarning(`${error.message}; waiting until it is free, Ctrl-C ends that`);
      }
      hasWaited = true;
      yield* Effect.sleep(POLL);
    }
  });
