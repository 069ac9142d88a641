import { describe, expect, it } from "@effect/vitest";
import { Deferred, Effect, Exit, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { Invalid, PluginError, type Reason, Store, Unauthorized } from "./PluginError.ts";
import { type RunEvent, RunEvents } from "./RunEvent.ts";
import { forEachUnit } from "./Units.ts";

const failed = (reason: Reason) => new PluginError({ plugin: "test", operation: "op", reason });
const invalid = failed(new Invalid({ message: "no such symbol" }));

const recording = () => {
  const events: Array<RunEvent> = [];
  const publish = (event: RunEvent) => Effect.sync(() => void events.push(event));
  return { events, on: Effect.provideService(RunEvents, { publish }) };
};

/** Sums the numbers; the named ones fail. */
const sum = (
  items: ReadonlyArray<number>,
  run: (item: number) => Effect.Effect<number, PluginError>,
  concurrency = 4,
) =>
  forEachUnit(items, {
    unit: "numbers",
    key: String,
    concurrency,
    run,
    initial: 0,
    fold: (state, result: number) => state + result,
  });

describe("forEachUnit", () => {
  it("001-P7: API errors don't stop processing", () =>
    fc.assert(fc.asyncProperty(
      fc.uniqueArray(fc.nat(), { maxLength: 40 }),
      fc.func(fc.boolean()),
      fc.integer({ min: 1, max: 8 }),
      (items, fails, concurrency) =>
        Effect.runPromise(Effect.gen(function* () {
          const { events, on } = recording();
          const outcome = yield* on(
            sum(items, (item) => fails(item) ? Effect.fail(invalid) : Effect.succeed(item), concurrency),
          );
          const good = items.filter((item) => !fails(item));
          const bad = items.filter((item) => fails(item));
          expect(outcome.done).toBe(good.length);
          expect(outcome.state).toBe(good.reduce((total, item) => total + item, 0));
          expect(outcome.failures.map((failure) => failure.unit).sort()).toEqual(bad.map(String).sort());
          for (const failure of outcome.failures) {
            expect(failure).toMatchObject({ reason: "Invalid", message: invalid.message });
          }
          expect(events.filter((event) => event._tag === "UnitFailed").length).toBe(bad.length);
          const progress = events.filter((event) => event._tag === "Progress");
          expect(progress.length).toBe(items.length + 1);
          expect(progress[0]).toMatchObject({ done: 0, failed: 0, total: items.length, unit: "numbers" });
          expect(progress.at(-1)).toMatchObject({ done: good.length, failed: bad.length });
        })),
    )));

  it("works on no more units at once than allowed, and on as many when there are", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (count, concurrency) =>
          Effect.runPromise(
            Effect.gen(function* () {
              let running = 0;
              let most = 0;
              const items = Array.from({ length: count }, (_, i) => i);
              const fiber = yield* Effect.forkChild(sum(items, (item) =>
                Effect.gen(function* () {
                  most = Math.max(most, ++running);
                  yield* Effect.sleep(10 + item);
                  running--;
                  return item;
                }), concurrency));
              yield* TestClock.adjust("1 minute");
              expect((yield* Fiber.join(fiber)).done).toBe(count);
              expect(most).toBe(Math.min(count, concurrency));
            }).pipe(Effect.provide(TestClock.layer())),
          ),
      ),
    ));

  for (
    const reason of [
      new Unauthorized({ message: "token expired", hint: "log in" }),
      new Store({ message: "away", fault: "connection" }),
      new Store({ message: "disk full", fault: "capacity" }),
    ]
  ) {
    it.effect(`${reason._tag} (${reason.message}) stops all at once and is the failure of the whole`, () =>
      Effect.gen(function* () {
        const begun: Array<number> = [];
        const interrupted: Array<number> = [];
        const waiting = yield* Deferred.make<void>();
        const exit = yield* Effect.exit(sum([1, 2, 3, 4, 5, 6], (item) => {
          begun.push(item);
          if (item === 1) return Effect.succeed(item);
          if (item === 2) {
            return Effect.andThen(Deferred.succeed(waiting, undefined), Effect.never).pipe(
              Effect.onInterrupt(() => Effect.sync(() => interrupted.push(item))),
            );
          }
          return Effect.andThen(Deferred.await(waiting), Effect.fail(failed(reason)));
        }, 2));
        expect(exit).toEqual(Exit.fail(failed(reason)));
        expect(begun).toEqual([1, 2, 3]);
        expect(interrupted).toEqual([2]);
      }));
  }

  it.effect("interruption reaches the units that are at work", () =>
    Effect.gen(function* () {
      let interrupted = 0;
      const fiber = yield* Effect.forkChild(sum([1, 2, 3, 4], () =>
        Effect.never.pipe(Effect.onInterrupt(() =>
          Effect.sync(() => interrupted++)
        )), 3));
      yield* TestClock.adjust(1);
      yield* Fiber.interrupt(fiber);
      expect(interrupted).toBe(3);
    }));

  it.effect("a defect of one unit is a bug, and ends the whole as one", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(sum([1, 2], () => Effect.die("bug")));
      expect(Exit.isFailure(exit) && Exit.hasDies(exit)).toBe(true);
    }));

  it.effect("units may leave progress to those who know better", () =>
    Effect.gen(function* () {
      const { events, on } = recording();
      yield* on(forEachUnit([1, 2], {
        unit: "numbers",
        key: String,
        concurrency: 1,
        run: Effect.succeed,
        initial: 0,
        fold: (state, result: number) => state + result,
        progress: false,
      }));
      expect(events).toEqual([]);
    }));

  it.live(
    "a vendor that fails every one of 50,000 units does not make the count slow",
    () =>
      Effect.gen(function* () {
        const began = performance.now();
        const items = Array.from({ length: 50_000 }, (_, i) => i);
        const outcome = yield* sum(items, () => Effect.fail(invalid));
        expect(outcome.failures.length).toBe(items.length);
        // Copying all failures for each further one took 12 s.
        expect(performance.now() - began).toBeLessThan(3_000);
      }),
    30_000,
  );
});
