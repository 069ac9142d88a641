import { Clock, Effect, Stream } from "effect";

export interface Pace {
  /** Longest wait for one piece of the answer, milliseconds. */
  readonly stall: number;
  /** Longest wait for all of them together, so that a drip of bytes comes to an end too. */
  readonly total: number;
}

/**
 * Fails when the other side lets its reader wait too long. Only time spent waiting counts: a reader that is
 * slow itself (a store that is busy) uses nothing up.
 */
export const paced =
  <E2>(pace: Pace, late: (waited: number) => E2) =>
  <A, E, R>(self: Stream.Stream<A, E, R>): Stream.Stream<A, E | E2, R> =>
    Stream.transformPull(self, (pull) =>
      Effect.sync(() => {
        let left = pace.total;
        return Effect.gen(function* () {
          const allowed = Math.min(pace.stall, left);
          const before = yield* Clock.currentTimeMillis;
          const pieces = yield* Effect.timeoutOrElse(pull, {
            duration: allowed,
            orElse: () => Effect.fail(late(allowed === left ? pace.total : pace.stall)),
          });
          left -= (yield* Clock.currentTimeMillis) - before;
          return pieces;
        });
      }));
