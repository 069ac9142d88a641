import { Effect } from "effect";
import { TestClock } from "effect/testing";

/** Epoch milliseconds of a time in India. */
export const ist = (date: string, time = "12:00:00"): number => Date.parse(`${date}T${time}+05:30`);

/** Starts a sandbox at noon of a trading day, Friday 2026-11-20, on the test's clock. */
export const atNoon = <A, E, R>(start: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.andThen(TestClock.setTime(ist("2026-11-20")), start);
