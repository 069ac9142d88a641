import { Clock, Duration, Effect } from "effect";

/** How many times faster than time it is that a run waits. */
const SPEED = 100;

/** A time span of the run, in the milliseconds that it takes. */
export const inReality = (millis: number): number => millis / SPEED;

/**
 * A clock whose date stands still, so that what a run stores does not depend on when it ran, and whose waits are
 * short, so that a run may keep the pauses that users get.
 */
export const quickClock = (instant: number): Clock.Clock => {
  const real = Clock.Clock.defaultValue();
  const monotonic = () => real.monotonicTimeNanosUnsafe() * BigInt(SPEED);
  const nanos = BigInt(instant) * 1_000_000n;
  return {
    currentTimeMillisUnsafe: () => instant,
    currentTimeMillis: Effect.succeed(instant),
    currentTimeNanosUnsafe: () => nanos,
    currentTimeNanos: Effect.succeed(nanos),
    monotonicTimeNanosUnsafe: monotonic,
    monotonicTimeNanos: Effect.sync(monotonic),
    sleep: (duration) => real.sleep(Duration.millis(inReality(Duration.toMillis(duration)))),
  };
};
