import { Clock, Effect, Semaphore } from "effect";
import type { RequestLimit } from "./Source.ts";

/**
 * A pace for requests that all fibers share. In no window of any limit are there more starts than allowed,
 * also seen from the vendor's side, where requests arrive a little earlier or later than they were sent.
 */
export interface RateLimiter {
  /** Waits for a turn. Turns are given in the order asked for. */
  readonly take: Effect.Effect<void>;
  /** The vendor said "too many": everyone waits `millis`, then goes on at half the pace for a while. */
  readonly slowDown: (millis: number) => Effect.Effect<void>;
}

/** What earlier runs sent, and where this one notes what it sends: a limit of an hour outlives a process. */
export interface Journal {
  /** Epoch milliseconds of requests, oldest first; older ones than the longest window may be missing. */
  readonly past: Effect.Effect<ReadonlyArray<number>>;
  /** Notes a request that is about to leave, epoch milliseconds. */
  readonly note: (time: number) => Effect.Effect<void>;
}

/** For a source that nobody asked before, and nobody will ask after. */
export const noJournal: Journal = { past: Effect.succeed([]), note: () => Effect.void };

/**
 * Windows are stretched by this share, so that a request that arrives late and one that arrives early still
 * keep a full window apart: 1.7% of a second is 17 ms, and 98.3% of the allowed rate.
 */
const STRETCH = 1.017;
/** Long windows need no more than this, milliseconds. */
const MAX_STRETCH = 250;
/**
 * Timers wake late. A start that is late by up to this share of the shortest window counts as on time, or each
 * turn would lose its lateness for good: of 1.7% between two windows, 1.2% are left to the network.
 */
const LATENESS = 0.005;
/**
 * What wakes a turn late delays its request on the way, too, and the next one may be on time: on a busy machine
 * windows are stretched by the latest of the recent wake-ups as well. It counts for less with each turn, and for at
 * most this share of a window, or a machine that slept would dawdle.
 */
const FORGET = 0.95;
const MAX_LATENESS = 0.1;
/** Turns at half pace after the vendor complained. */
const SLOW_TURNS = 20;

/** Windows up to this length are kept by even spacing; a burst at their start would gain nothing. */
const SPACED_UP_TO = 1_000;

export const stretched = (millis: number): number => Math.min(millis * STRETCH, millis + MAX_STRETCH);

/** The last `size` starts, oldest overwritten. */
class Starts {
  private readonly times: Float64Array;
  private next = 0;
  constructor(size: number) {
    this.times = new Float64Array(size).fill(-Infinity);
  }
  /** The start `size` turns ago. */
  get oldest(): number {
    return this.times[this.next]!;
  }
  push(time: number): void {
    this.times[this.next] = time;
    this.next = (this.next + 1) % this.times.length;
  }
}

/**
 * A limiter for any number of limits at once; with none, requests go at once until the vendor complains. Requests of
 * the journal count as if this limiter had sent them.
 */
export const make = (
  limits: ReadonlyArray<RequestLimit>,
  journal: Journal = noJournal,
): Effect.Effect<RateLimiter> =>
  Effect.gen(function* () {
    const spaced = limits.filter((limit) => limit.millis <= SPACED_UP_TO);
    const spacing = () =>
      Math.max(
        0,
        ...spaced.map(({ millis, requests }) =>
          (stretched(millis) + Math.min(late, MAX_LATENESS * millis)) / requests
        ),
      );
    const lateness = LATENESS * Math.min(...spaced.map((limit) => limit.millis), SPACED_UP_TO);
    const counted = limits
      .filter((limit) => limit.millis > SPACED_UP_TO)
      .map((limit) => ({ window: stretched(limit.millis), starts: new Starts(limit.requests) }));
    const turn = Semaphore.makeUnsafe(1);
    let last = -Infinity;
    let notBefore = -Infinity;
    let slowTurns = 0;
    /** How late turns woke recently, beyond what counts as on time, milliseconds. */
    let late = 0;

    const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6);

    const began = yield* Clock.currentTimeMillis;
    const start = yield* now;
    for (const time of yield* journal.past) {
      // One of the future is of a clock that was put back, and tells nothing.
      if (time > began) continue;
      last = start - (began - time);
      for (const window of counted) window.starts.push(last);
    }

    const earliest = () =>
      Math.max(
        notBefore,
        last + spacing() * (slowTurns > 0 ? 2 : 1),
        ...counted.map((window) => window.starts.oldest + window.window),
      );

    // Beyond the lateness of timers a start is noted when it happens, not when it was planned: a very late
    // wake-up must not let two go together.
    const take = turn.withPermits(1)(Effect.gen(function* () {
      let time = yield* now;
      while (time < earliest()) {
        const pause = Math.max(1, Math.ceil(earliest() - time));
        yield* Effect.sleep(pause);
        const woke = yield* now;
        late = Math.max(late * FORGET, woke - time - pause - lateness);
        time = woke;
      }
      last = Math.max(earliest(), time - lateness);
      if (slowTurns > 0) slowTurns--;
      for (const window of counted) window.starts.push(time);
      yield* journal.note(yield* Clock.currentTimeMillis);
    }));

    return {
      take,
      slowDown: (millis) =>
        Effect.map(now, (time) => {
          notBefore = Math.max(notBefore, time + millis);
          slowTurns = SLOW_TURNS;
        }),
    };
  });
