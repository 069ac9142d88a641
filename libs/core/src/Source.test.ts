import { Effect, Fiber } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervals } from "./Interval.ts";
import * as RateLimiter from "./RateLimiter.ts";
import { expectedSeconds, intradayFrom, perHour, perMinute, perSecond, type RequestLimit } from "./Source.ts";

describe("the time that requests are expected to take", () => {
  it.each<[number, ReadonlyArray<RequestLimit>, number]>([
    [100, [], 0],
    [0, [perSecond(3)], 0],
    [144, [perSecond(3)], 48],
    [180, [perSecond(3), perMinute(180), perHour(5_000)], 60],
    [2_000, [perSecond(3), perMinute(180), perHour(5_000)], 2_000 / 3],
    [5_001, [perSecond(3), perMinute(180), perHour(5_000)], 3_600 + 1 / 3],
    [11, [perMinute(10)], 60],
  ])("%i under %j: %f s", (requests, limits, seconds) => {
    expect(expectedSeconds(requests, limits)).toBeCloseTo(seconds, 6);
  });

  it("is what the limiter takes, but for its margins", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(
          [perSecond(3)],
          [perSecond(3), perMinute(180)],
          [perSecond(5), perMinute(60)],
          [perSecond(3), perMinute(100), perHour(300)],
        ),
        (requests, limits) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const { take } = yield* RateLimiter.make(limits);
              const all = yield* Effect.forkChild(Effect.replicateEffect(take, requests, { discard: true }));
              let took = 0;
              while (all.pollUnsafe() === undefined) {
                yield* TestClock.adjust("1 second");
                took++;
              }
              yield* Fiber.join(all);
              const expected = expectedSeconds(requests, limits);
              expect(took).toBeGreaterThanOrEqual(expected - 2);
              expect(took).toBeLessThanOrEqual(expected * 1.02 + 4);
            }).pipe(Effect.provide(TestClock.layer())),
          ),
      ),
      { numRuns: 100 },
    ));
});

it("a first day of intraday candles holds for every interval but days", () => {
  expect(Object.entries(intradayFrom("2015-01-01"))).toEqual(
    intervals.slice(0, -1).map((interval) => [interval, "2015-01-01"]),
  );
});
