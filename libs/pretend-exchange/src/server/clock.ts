import { Clock, Effect } from "effect";
import { SandboxError } from "../error.ts";
import { DAY_SECONDS, dayOfLocal, type LocalSeconds, localSeconds, parseDay } from "../time.ts";

/** The clocks a sandbox lives by, in milliseconds. */
export interface SandboxClock {
  /** Since the epoch; decides what day it is. */
  readonly wall: () => number;
  /** The clients' own: the epoch as it is, whatever date the sandbox pretends. */
  readonly client: () => number;
  /** Never goes back; decides what is too fast. */
  readonly steady: () => number;
  /** The wall clock as it hangs in India. */
  readonly now: () => LocalSeconds;
}

/** Clocks over Effect's, on another date where one is given (`yyyy-mm-dd`); the time of day stays. */
export const sandboxClock = Effect.fnUntraced(function* (
  today: string | undefined,
): Effect.fn.Return<SandboxClock, SandboxError> {
  const clock = yield* Clock.Clock;
  const client = () => clock.currentTimeMillisUnsafe();
  const pretended = today === undefined ? undefined : parseDay(today);
  if (today !== undefined && pretended === undefined) {
    return yield* new SandboxError({ message: `not a date: ${today}, expected yyyy-mm-dd` });
  }
  const shift = pretended === undefined
    ? 0
    : (pretended - dayOfLocal(localSeconds(client()))) * DAY_SECONDS * 1000;
  const wall = () => client() + shift;
  return {
    wall,
    client,
    steady: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6,
    now: () => localSeconds(wall()),
  };
});
