import { type Clock, Duration, Effect } from "effect";

/**
 * A clock for runs whose rows are compared: time stands still at `start` until someone sleeps, and every sleep
 * is over at once, with the time it would have taken gone by.
 */
export const leapingClock = (start: number): Clock.Clock => {
  let millis = start;
  const nanos = () => BigInt(Math.round(millis * 1e6));
  return {
    currentTimeMillisUnsafe: () => millis,
    currentTimeMillis: Effect.sync(() => millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.andThen(Effect.sync(() => void (millis += Duration.toMillis(duration))), Effect.yieldNow),
  };
};
