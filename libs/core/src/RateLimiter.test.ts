import { describe, expect, it } from "@effect/vitest";
import { Clock, Duration, Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import * as RateLimiter from "./RateLimiter.ts";
import { perHour, perMinute, perSecond, type RequestLimit } from "./Source.ts";

/** Runs a property of effects, each run on a test clock of its own. */
const holds = <T>(
  arbitrary: fc.Arbitrary<T>,
  body: (value: T) => Effect.Effect<void, unknown>,
  numRuns = 100,
) =>
  fc.assert(
    fc.asyncProperty(arbitrary, (value) => Effect.runPromise(Effect.provide(body(value), TestClock.layer()))),
    { numRuns },
  );

/** Where every sleep ends late by up to `lateness` milliseconds, as the timers of real machines do. */
const withLateTimers = (lateness: number) => <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Clock.clockWith((clock) => {
    let turn = 0;
    // Deterministic and uneven: a third, two thirds and all of the lateness in turn.
    const late = () => lateness * ((turn++ % 3) + 1) / 3;
    const slow: Clock.Clock = Object.assign(Object.create(clock), {
      sleep: (duration: Duration.Duration) =>
        clock.sleep(Duration.millis(Duration.toMillis(duration) + late())),
    });
    return Effect.provideService(self, Clock.Clock, slow);
  });

const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6);

/** One fiber: pauses before each of its requests, milliseconds. */
type Worker = ReadonlyArray<number>;

/** The starts of all requests of all workers, in order. */
const starts = Effect.fnUntraced(function* (
  limits: ReadonlyArray<RequestLimit>,
  workers: ReadonlyArray<Worker>,
  lateness = 0,
) {
  const times: Array<number> = [];
  const limiter = yield* RateLimiter.make(limits);
  const work = (pauses: Worker) =>
    Effect.forEach(pauses, (pause) =>
      Effect.gen(function* () {
        if (pause > 0) yield* Effect.sleep(pause);
        yield* limiter.take;
        times.push(yield* now);
      }), { discard: true });
  const all = yield* Effect.forkChild(
    withLateTimers(lateness)(
      Effect.forEach(workers, work, { concurrency: "unbounded", discard: true }),
    ),
  );
  while (all.pollUnsafe() === undefined) yield* TestClock.adjust("10 minutes");
  yield* Fiber.join(all);
  return times;
});

/** In no half-open window of a limit's length are there more starts than it allows. */
const expectWithin = (limits: ReadonlyArray<RequestLimit>, times: ReadonlyArray<number>) => {
  for (const { millis, requests } of limits) {
    for (let i = requests; i < times.length; i++) {
      const window = times[i]! - times[i - requests]!;
      expect(window, `start ${i}: ${requests + 1} starts in ${window} ms`).toBeGreaterThanOrEqual(millis);
    }
  }
};

const limit = fc.record({
  requests: fc.integer({ min: 1, max: 12 }),
  millis: fc.constantFrom(100, 250, 1_000, 2_000, 5_000, 60_000),
});
const limits = fc.array(limit, { minLength: 1, maxLength: 3 });
const worker = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 3_000 })), { minLength: 1, maxLength: 8 });

describe("RateLimiter", () => {
  it("001-P12: Rate limiting enforces minimum delay", () =>
    holds(
      fc.tuple(limit, fc.array(fc.nat({ max: 500 }), { minLength: 2, maxLength: 20 })),
      ([one, pauses]) =>
        Effect.gen(function* () {
          const times = yield* starts([one], [pauses]);
          expect(times.length).toBe(pauses.length);
          expectWithin([one], times);
          if (one.millis > 1_000) return;
          for (let i = 1; i < times.length; i++) {
            // Half a percent of the window is left to late timers.
            const least = (one.millis / one.requests) - one.millis * 0.005;
            expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(least);
          }
        }),
    ));

  it("001-P20: Thread-safe rate limiting works across workers", () =>
    holds(
      fc.tuple(limits, fc.array(worker, { minLength: 1, maxLength: 8 }), fc.constantFrom(0, 0.7, 3, 40)),
      ([several, workers, lateness]) =>
        Effect.gen(function* () {
          const times = yield* starts(several, workers, lateness);
          expect(times.length).toBe(workers.flat().length);
          expectWithin(several, times);
        }),
      200,
    ));

  it.effect("where timers wake very late, leaves that much more between starts, and a tenth at most", () =>
    Effect.gen(function* () {
      const smallest = Effect.fnUntraced(function* (lateness: number) {
        const times = yield* starts([perSecond(3)], [Array.from({ length: 60 }, () => 0)], lateness);
        const windows = times.slice(3).map((time, i) => time - times[i]!);
        // The first turns teach it.
        return Math.min(...windows.slice(6));
      });
      const onTime = yield* smallest(0);
      for (const lateness of [30, 60, 90]) {
        expect(yield* smallest(lateness)).toBeGreaterThan(onTime + lateness / 2);
      }
      // As after a sleep of the whole machine.
      expect(yield* smallest(5_000)).toBeGreaterThan(onTime);
      const slept = yield* starts([perSecond(3)], [Array.from({ length: 40 }, () => 0)], 5_000);
      expect(slept.at(-1)! - slept[0]!).toBeLessThan(40 * (5_000 + 400));
    }));

  for (const lateness of [0, 1.5, 4]) {
    it.effect(`gives at least 98% of what the limit per second allows, with timers ${lateness} ms late`, () =>
      Effect.gen(function* () {
        for (const requests of [1, 3, 10]) {
          const limits = [perSecond(requests), perMinute(60 * requests), perHour(3_600 * requests)];
          const times = yield* starts(
            limits,
            Array.from({ length: 10 }, () => Array<number>(20).fill(0)),
            lateness,
          );
          const seconds = (times.at(-1)! - times[0]!) / 1_000;
          expect((times.length - 1) / seconds).toBeGreaterThanOrEqual(0.98 * requests);
          expectWithin(limits, times);
        }
      }));
  }

  it.effect("a long window takes its requests as fast as they come, and not one more", () =>
    Effect.gen(function* () {
      const times = yield* starts([perMinute(5)], [Array<number>(12).fill(0)]);
      expect(times.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
      expect(times[5]).toBeGreaterThanOrEqual(60_000);
      expect(times[5]).toBeLessThan(60_300);
      expectWithin([perMinute(5)], times);
    }));

  it("limits hold across processes that follow each other at any moment, when each notes what it sends", () =>
    holds(
      fc.record({
        limits: fc.constantFrom(
          [perSecond(3), perMinute(20)],
          [perSecond(3), perMinute(180), perHour(300)],
          [perMinute(7)],
        ),
        lives: fc.array(
          fc.record({
            requests: fc.integer({ min: 0, max: 120 }),
            pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
          }),
          { minLength: 2, maxLength: 5 },
        ),
      }),
      ({ limits, lives }) =>
        Effect.gen(function* () {
          const times: Array<number> = [];
          const journal: RateLimiter.Journal = {
            past: Effect.sync(() => [...times]),
            note: (time) => Effect.sync(() => void times.push(time)),
          };
          for (const { pause, requests } of lives) {
            yield* TestClock.adjust(pause);
            const { take } = yield* RateLimiter.make(limits, journal);
            const life = yield* Effect.forkChild(Effect.replicateEffect(take, requests, { discard: true }));
            while (life.pollUnsafe() === undefined) yield* TestClock.adjust("10 minutes");
            yield* Fiber.join(life);
          }
          expect(times.length).toBe(lives.reduce((sum, { requests }) => sum + requests, 0));
          for (const { millis, requests } of limits) {
            for (let i = requests; i < times.length; i++) {
              expect(times[i]! - times[i - requests]!).toBeGreaterThanOrEqual(millis);
            }
          }
        }),
    ));

  it.effect("a journal from a clock that was put back holds nobody up", () =>
    Effect.gen(function* () {
      const journal = { ...RateLimiter.noJournal, past: Effect.succeed([3_600_000, 7_200_000]) };
      const { take } = yield* RateLimiter.make([perHour(1)], journal);
      yield* take;
      expect(yield* now).toBe(0);
    }));

  it.effect("turns are given in the order asked for, however timers wake", () =>
    Effect.gen(function* () {
      const limiter = yield* RateLimiter.make([perSecond(5)]);
      const order: Array<number> = [];
      const fiber = yield* Effect.forkChild(
        withLateTimers(90)(Effect.forEach(
          Array.from({ length: 30 }, (_, i) => i),
          (i) => Effect.andThen(limiter.take, Effect.sync(() => order.push(i))),
          { concurrency: "unbounded" },
        )),
      );
      yield* TestClock.adjust("30 seconds");
      yield* Fiber.join(fiber);
      expect(order).toEqual(Array.from({ length: 30 }, (_, i) => i));
    }));

  it("interrupting waiters harms nobody: the others keep order, limit and pace", () =>
    holds(fc.array(fc.boolean(), { minLength: 3, maxLength: 25 }), (leaves) =>
      Effect.gen(function* () {
        const limiter = yield* RateLimiter.make([perSecond(4)]);
        const times: Array<number> = [];
        const fibers = yield* Effect.forEach(leaves, () =>
          Effect.forkChild(Effect.andThen(limiter.take, Effect.map(now, (time) => times.push(time)))));
        // The first has had its turn by now; the second waits for time, the others for the second.
        yield* TestClock.adjust(1);
        yield* Effect.forEach(fibers, (fiber, i) =>
          leaves[i] && i > 0 ? Fiber.interrupt(fiber) : Effect.void);
        const staying = leaves.filter((leaves, i) => !leaves || i === 0).length;
        yield* TestClock.adjust(`${leaves.length} seconds`);
        expect(times.length).toBe(staying);
        expectWithin([perSecond(4)], times);
        expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual((staying - 1) * 256);
      })));

  describe("slowDown", () => {
    const afterSlowDown = Effect.fnUntraced(function* (limits: ReadonlyArray<RequestLimit>, count: number) {
      const limiter = yield* RateLimiter.make(limits);
      yield* limiter.take;
      yield* limiter.slowDown(10_000);
      const times: Array<number> = [];
      const fiber = yield* Effect.forkChild(Effect.forEach(
        Array.from({ length: count }),
        () => Effect.andThen(limiter.take, Effect.map(now, (time) => times.push(time))),
        { concurrency: 4, discard: true },
      ));
      yield* TestClock.adjust("2 minutes");
      yield* Fiber.join(fiber);
      return times;
    });

    it.effect("holds everyone back, then halves the pace for a while", () =>
      Effect.gen(function* () {
        const times = yield* afterSlowDown([perSecond(2)], 40);
        expect(times[0]).toBeGreaterThanOrEqual(10_000);
        expect(times[0]).toBeLessThan(10_100);
        const gaps = times.slice(1).map((time, i) => time - times[i]!);
        for (const gap of gaps.slice(0, 15)) expect(gap).toBeGreaterThanOrEqual(1_000);
        for (const gap of gaps.slice(-10)) expect(gap).toBeLessThan(520);
      }));

    it.effect("holds back those who wait already", () =>
      Effect.gen(function* () {
        const limiter = yield* RateLimiter.make([perSecond(1)]);
        yield* limiter.take;
        const waiter = yield* Effect.forkChild(Effect.andThen(limiter.take, now));
        yield* TestClock.adjust(500);
        yield* limiter.slowDown(5_000);
        yield* TestClock.adjust("1 minute");
        expect(yield* Fiber.join(waiter)).toBeGreaterThanOrEqual(5_500);
      }));

    it.effect("a shorter wait does not cut a longer one", () =>
      Effect.gen(function* () {
        const limiter = yield* RateLimiter.make([perSecond(1)]);
        yield* limiter.slowDown(30_000);
        yield* limiter.slowDown(1_000);
        const waiter = yield* Effect.forkChild(Effect.andThen(limiter.take, now));
        yield* TestClock.adjust("1 minute");
        expect(yield* Fiber.join(waiter)).toBeGreaterThanOrEqual(30_000);
      }));

    it.effect("holds for a vendor that declares no limit, too", () =>
      Effect.gen(function* () {
        const times = yield* afterSlowDown([], 5);
        expect(times[0]).toBeGreaterThanOrEqual(10_000);
      }));
  });

  it.effect("without limits every request goes at once", () =>
    Effect.gen(function* () {
      expect(yield* starts([], [[0, 0, 0], [0, 0]])).toEqual([0, 0, 0, 0, 0]);
    }));
});
