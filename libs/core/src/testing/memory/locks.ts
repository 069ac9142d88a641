import { Effect, type Scope } from "effect";
import type { Lock } from "../../Sink.ts";

/** Named locks of a store in memory: held by one scope at a time, and never lost. */
export const makeTryLock = (): (name: string) => Effect.Effect<Lock | undefined, never, Scope.Scope> => {
  const held = new Set<string>();
  return (name) =>
    Effect.suspend(() =>
      held.has(name) ? Effect.succeed(undefined) : Effect.acquireRelease(
        Effect.sync((): Lock => {
          held.add(name);
          return { lost: Effect.never };
        }),
        () => Effect.sync(() => held.delete(name)),
      )
    );
};
