import { describe, expect, it } from "@effect/vitest";
import { Context, Effect, Stream } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { governed } from "./Governed.ts";
import { retrying } from "./Retry.ts";
import { type CandleRequest, CandleSource, InstrumentSource, SourceSession } from "./Source.ts";
import { inTime, limits, request, tooMany } from "./testing/pace.ts";
import { pretendInfo, type PretendMarket, pretendSource } from "./testing/pretendSource.ts";

/** A governed source, and when each of its requests was sent. */
const setting = Effect.fnUntraced(function* (market: PretendMarket = {}) {
  const times: Array<number> = [];
  const noted = Effect.flatMap(
    TestClock.testClockWith((clock) => clock.currentTimeMillis),
    (time) => Effect.sync(() => void times.push(time)),
  );
  const { services } = pretendSource({ info: { limits, coolDown: 5_000 }, ...market });
  const timed = {
    session: { ...services.session, authenticate: Effect.andThen(noted, services.session.authenticate) },
    instruments: {
      instruments: (exchange?: string) =>
        Stream.unwrap(Effect.as(noted, services.instruments!.instruments(exchange))),
    },
    candles: { candles: (asked: CandleRequest) => Effect.andThen(noted, services.candles!.candles(asked)) },
  };
  return { context: yield* governed(timed), times };
});

describe("governed", () => {
  it("for any number of calls by any number of fibers, requests keep the source's limits", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (calls, fibers) =>
        Effect.runPromise(
          Effect.gen(function* () {
            const { context, times } = yield* setting();
            const { candles } = Context.get(context, CandleSource);
            yield* inTime(
              Effect.forEach(Array.from({ length: calls }), () =>
                candles(request), { concurrency: fibers }),
            );
            expect(times.length).toBe(calls);
            for (let i = 4; i < times.length; i++) {
              expect(times[i]! - times[i - 4]!).toBeGreaterThanOrEqual(1_000);
            }
          }).pipe(Effect.provide(TestClock.layer())),
        )),
    ));

  it.effect("a stream waits for its turn each time it is run, not when it is made", () =>
    Effect.gen(function* () {
      const { context, times } = yield* setting();
      const dump = Context.get(context, InstrumentSource).instruments();
      expect(times).toEqual([]);
      yield* inTime(Effect.forEach([1, 2, 3], () => Stream.runDrain(dump)));
      expect(times.length).toBe(3);
      for (let i = 1; i < 3; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(1_000);
    }));

  it.effect("the login check and the dump share the pace of instruments; candles have their own", () =>
    Effect.gen(function* () {
      const { context, times } = yield* setting();
      yield* Context.get(context, SourceSession).authenticate;
      yield* Context.get(context, CandleSource).candles(request);
      expect(times).toEqual([0, 0]);
      yield* inTime(Stream.runDrain(Context.get(context, InstrumentSource).instruments()));
      expect(times[2]).toBeGreaterThanOrEqual(1_000);
    }));

  for (const [told, held] of [[undefined, 5_000], [30_000, 30_000]] as const) {
    const what = told === undefined ? "the source's cool-down" : "as long as the vendor says";
    it.effect(`after "too many" everyone stays away: ${what}`, () =>
      Effect.gen(function* () {
        let answers = 0;
        const { context, times } = yield* setting({
          candles: () =>
            Effect.suspend(() =>
              ++answers === 1 ? Effect.fail(tooMany(told)) : Effect.succeed({ candles: [], rejected: [] })
            ),
        });
        const { candles } = Context.get(context, CandleSource);
        const policy = { attempts: 1, delay: 1, maxDelay: 1, rateLimitWaits: 1 };
        yield* inTime(
          Effect.forEach([1, 2, 3], () => retrying(policy)(candles(request)), { concurrency: 3 }),
        );
        expect(times.length).toBe(4);
        expect(times[0]).toBe(0);
        expect(times[1]).toBeGreaterThanOrEqual(held);
        // Then at half the pace: 4 per second is a request each 250 ms.
        for (let i = 2; i < 4; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(500);
      }));
  }

  it.effect('"too many" in the middle of a dump slows down too', () =>
    Effect.gen(function* () {
      const { context, times } = yield* setting({
        dump: () => ({ batches: [{ instruments: [], rejected: [] }], error: tooMany(9_000) }),
      });
      const dump = Context.get(context, InstrumentSource).instruments();
      yield* inTime(Effect.forEach([1, 2], () => Effect.exit(Stream.runDrain(dump))));
      expect(times[1]).toBeGreaterThanOrEqual(9_000);
    }));

  it.effect("what the source does not offer is not there", () =>
    Effect.gen(function* () {
      const { services } = pretendSource({});
      const context = yield* governed({ session: services.session });
      expect(Context.get(context, SourceSession).info).toEqual(pretendInfo);
      expect(Context.getOption(context as Context.Context<never>, InstrumentSource)._tag).toBe("None");
      expect(Context.getOption(context as Context.Context<never>, CandleSource)._tag).toBe("None");
    }));
});
