import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit, Fiber, Random } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import {
  Corrupt,
  Invalid,
  PluginError,
  RateLimited,
  type Reason,
  Store,
  Unauthorized,
  Unavailable,
} from "./PluginError.ts";
import { backoff, decide, jittered, retrying, type RetryPolicy } from "./Retry.ts";
import { type RunEvent, RunEvents } from "./RunEvent.ts";

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  attempts: fc.integer({ min: 1, max: 8 }),
  delay: fc.integer({ min: 1, max: 5_000 }),
  maxDelay: fc.integer({ min: 1, max: 60_000 }),
  rateLimitWaits: fc.integer({ min: 0, max: 6 }),
});

const transient: fc.Arbitrary<Reason> = fc.constantFrom<Reason>(
  new Unavailable({ message: "away" }),
  new Corrupt({ message: "cut" }),
  new Store({ message: "deadlock", fault: "conflict" }),
  new Store({ message: "gone", fault: "connection" }),
);
const lasting: fc.Arbitrary<Reason> = fc.constantFrom<Reason>(
  new Unauthorized({ message: "no", hint: "log in" }),
  new Invalid({ message: "no such interval" }),
  new Store({ message: "row 5", fault: "constraint" }),
  new Store({ message: "column", fault: "schema" }),
  new Store({ message: "disk full", fault: "capacity" }),
);

const failed = (reason: Reason) => new PluginError({ plugin: "test", operation: "op", reason });

interface Trial {
  readonly exit: Exit.Exit<string, PluginError>;
  /** When each try began, milliseconds. */
  readonly tries: ReadonlyArray<number>;
  readonly events: ReadonlyArray<RunEvent>;
}

/** Runs an effect that fails with each reason in turn and then succeeds, on a clock of its own. */
const trial = (policy: RetryPolicy, reasons: ReadonlyArray<Reason>): Effect.Effect<Trial> =>
  Effect.gen(function* () {
    const tries: Array<number> = [];
    const events: Array<RunEvent> = [];
    const self = Effect.gen(function* () {
      const reason = reasons[tries.length];
      tries.push(yield* TestClock.testClockWith((clock) => clock.currentTimeMillis));
      return reason === undefined ? "there" : yield* failed(reason);
    });
    const fiber = yield* Effect.forkChild(
      Effect.exit(retrying(policy)(self)).pipe(
        Effect.provideService(RunEvents, { publish: (event) => Effect.sync(() => void events.push(event)) }),
        Random.withSeed(tries.length),
      ),
    );
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 hour");
    return { exit: yield* Fiber.join(fiber), tries, events };
  }).pipe(Effect.provide(TestClock.layer()));

const holds = <T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => Effect.Effect<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, (value) => Effect.runPromise(body(value))));

const pauses = (tries: ReadonlyArray<number>) => tries.slice(1).map((time, i) => time - tries[i]!);

describe("Retry", () => {
  it("001-P8: Exponential backoff increases retry delays", () =>
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (policy, attempt, random) => {
          const pause = backoff(policy, attempt);
          expect(pause).toBe(Math.min(policy.delay * 2 ** (attempt - 1), policy.maxDelay));
          expect(backoff(policy, attempt + 1)).toBeGreaterThanOrEqual(pause);
          if (pause < policy.maxDelay) {
            expect(backoff(policy, attempt + 1)).toBe(Math.min(2 * pause, policy.maxDelay));
            // Jitter is less than the growth, so the pauses that are really made grow as well.
            if (2 * pause <= policy.maxDelay) {
              expect(jittered(backoff(policy, attempt + 1), 0)).toBeGreaterThan(jittered(pause, random));
            }
          }
          expect(jittered(pause, random)).toBeGreaterThanOrEqual(pause);
          expect(jittered(pause, random)).toBeLessThanOrEqual(pause * 1.25);
        },
      ),
    ));

  it("002-P12: Retry with exponential backoff", () =>
    holds(
      fc.tuple(policies, fc.array(transient, { maxLength: 10 })),
      ([policy, reasons]) =>
        Effect.gen(function* () {
          const { events, exit, tries } = yield* trial(policy, reasons);
          const recovers = reasons.length < policy.attempts;
          expect(tries.length).toBe(recovers ? reasons.length + 1 : policy.attempts);
          expect(exit).toEqual(
            recovers ? Exit.succeed("there") : Exit.fail(failed(reasons[policy.attempts - 1]!)),
          );
          for (const [i, pause] of pauses(tries).entries()) {
            expect(pause).toBeGreaterThanOrEqual(Math.floor(backoff(policy, i + 1)));
            expect(pause).toBeLessThanOrEqual(Math.ceil(backoff(policy, i + 1) * 1.25));
          }
          expect(events.map((event) => event._tag === "Retrying" && event.attempt)).toEqual(
            Array.from({ length: tries.length - 1 }, (_, i) => i + 1),
          );
        }),
    ));

  it("waiting out a rate limit is not a try, and lasts as long as the vendor says", () =>
    holds(
      fc.tuple(policies, fc.array(fc.option(fc.integer({ min: 1, max: 90_000 })), { maxLength: 8 })),
      ([policy, waits]) =>
        Effect.gen(function* () {
          const reasons = waits.map((retryAfter) =>
            new RateLimited({ message: "too many", ...(retryAfter === null ? {} : { retryAfter }) })
          );
          const { exit, tries } = yield* trial(policy, reasons);
          const recovers = waits.length <= policy.rateLimitWaits;
          expect(Exit.isSuccess(exit)).toBe(recovers);
          expect(tries.length).toBe(recovers ? waits.length + 1 : policy.rateLimitWaits + 1);
          expect(pauses(tries)).toEqual(waits.slice(0, tries.length - 1).map((wait) => wait ?? 0));
        }),
    ));

  it("rate limits between tries leave the number of tries and the back-off as they are", () =>
    holds(
      fc.tuple(policies, fc.array(transient, { minLength: 1, maxLength: 8 })),
      ([policy, reasons]) =>
        Effect.gen(function* () {
          const tooMany = new RateLimited({ message: "too many", retryAfter: 7 });
          const patient = { ...policy, rateLimitWaits: 1 };
          const plain = yield* trial(patient, reasons);
          const mixed = yield* trial(patient, reasons.flatMap((reason) => [tooMany, reason]));
          expect(Exit.isSuccess(mixed.exit)).toBe(Exit.isSuccess(plain.exit));
          const counted = mixed.events.flatMap((event) =>
            event._tag === "Retrying" && event.reason !== "RateLimited" ? [event.attempt] : []
          );
          expect(counted).toEqual(plain.events.map((_, i) => i + 1));
        }),
    ));

  it("what no further try can cure is not tried again", () =>
    holds(fc.tuple(policies, lasting), ([policy, reason]) =>
      Effect.gen(function* () {
        const { events, exit, tries } = yield* trial(policy, [reason]);
        expect(exit).toEqual(Exit.fail(failed(reason)));
        expect(tries).toEqual([0]);
        expect(events).toEqual([]);
      })));

  it("decide gives up exactly when tries or waits are used up", () =>
    fc.assert(
      fc.property(
        policies,
        fc.nat({ max: 9 }),
        fc.nat({ max: 9 }),
        transient,
        (policy, attempt, waits, reason) => {
          expect(decide(policy, reason, { attempt, waits }, 0)._tag).toBe(
            attempt >= policy.attempts ? "GiveUp" : "Retry",
          );
          const tooMany = new RateLimited({ message: "too many" });
          expect(decide(policy, tooMany, { attempt, waits }, 0)._tag).toBe(
            waits >= policy.rateLimitWaits ? "GiveUp" : "Retry",
          );
        },
      ),
    ));

  it.effect("a pause can be interrupted", () =>
    Effect.gen(function* () {
      const policy = { attempts: 3, delay: 60_000, maxDelay: 60_000, rateLimitWaits: 1 };
      const away = Effect.fail(failed(new Unavailable({ message: "away" })));
      const fiber = yield* Effect.forkChild(retrying(policy)(away));
      yield* TestClock.adjust("10 seconds");
      yield* Fiber.interrupt(fiber);
      expect(fiber.pollUnsafe()).toBeDefined();
    }));

  it.effect("tens of thousands of waits in a row need no stack", () =>
    Effect.gen(function* () {
      const policy = { attempts: 1, delay: 1, maxDelay: 1, rateLimitWaits: 50_000 };
      const tooMany = failed(new RateLimited({ message: "too many" }));
      let tries = 0;
      const self = Effect.suspend(() => ++tries > 50_000 ? Effect.succeed("there") : Effect.fail(tooMany));
      expect(yield* retrying(policy)(self)).toBe("there");
    }));
});
