import { describe, expect, it } from "@effect/vitest";
import { Clock, Context, Effect, Fiber, Stream } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { governed } from "./Governed.ts";
import type { Renew, SourceServices } from "./Plugin.ts";
import { PluginError, RateLimited, Unauthorized } from "./PluginError.ts";
import { retrying } from "./Retry.ts";
import { type CandleRequest, CandleSource, InstrumentSource, perSecond, SourceSession } from "./Source.ts";
import { pretendInfo, type PretendMarket, pretendSource } from "./testing/pretendSource.ts";

const request: CandleRequest = {
  subject: {
    token: "1",
    exchange: "NSE",
    tradingsymbol: "INFY",
    segment: "NSE",
    instrumentType: "EQ",
    expiry: null,
  },
  interval: "day",
  from: 0,
  to: 1,
  continuous: false,
};

const limits = { instruments: [perSecond(1)], candles: [perSecond(4)] };

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

const tooMany = (retryAfter?: number) =>
  new PluginError({
    plugin: "pretend",
    operation: "op",
    reason: new RateLimited({ message: "too many", ...(retryAfter === undefined ? {} : { retryAfter }) }),
  });

/** Runs to the end, however long it takes on the test clock. */
const inTime = Effect.fnUntraced(function* <A, E>(self: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(self);
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 minute");
  return yield* Fiber.join(fiber);
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

const refusal = new PluginError({
  plugin: "pretend",
  operation: "op",
  reason: new Unauthorized({ message: "the token is dead", hint: "log in" }),
});

/**
 * A vendor that takes one token at a time, and sources that each send theirs. `sent` has every request's token and
 * time, `answered` the requests that were answered by their `from`.
 */
const vendor = Effect.fnUntraced(function* (alive: (from: number, requests: number) => string) {
  const clock = yield* Clock.Clock;
  const sent: Array<{ readonly token: string; readonly time: number }> = [];
  const answered: Array<number> = [];
  const judge = (token: string, from = 0) =>
    Effect.suspend(() => {
      sent.push({ token, time: clock.currentTimeMillisUnsafe() });
      return token === alive(from, sent.length) ? Effect.void : Effect.fail(refusal);
    });
  const sourceWith = (token: string, batches = 1): SourceServices => ({
    session: { info: { ...pretendInfo, limits }, authenticate: judge(token) },
    instruments: {
      instruments: () =>
        Stream.unwrap(Effect.as(
          judge(token),
          Stream.fromIterable(
            Array.from({ length: batches }, () => ({ instruments: [], rejected: [] })),
          ),
        )),
    },
    candles: {
      candles: (asked) =>
        Effect.as(
          Effect.andThen(
            // Answers take their time, so that several requests are on their way when a token dies.
            Effect.andThen(judge(token, asked.from), Effect.sleep(400)),
            Effect.sync(() => answered.push(asked.from)),
          ),
          { candles: [], rejected: [] },
        ),
    },
  });
  return { sent, answered, sourceWith };
});

const once = { attempts: 1, delay: 1, maxDelay: 1, rateLimitWaits: 1 };

describe("a login that dies", () => {
  it("whenever and however often, with any number of fibers: all wait for one renewal, every unit is answered once, no try is counted, limits are kept", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 3 }),
        fc.integer({ min: 0, max: 600_000 }),
        (units, fibers, deaths, pause) =>
          Effect.runPromise(
            Effect.gen(function* () {
              let era = 0;
              const asked: Array<string> = [];
              const times = deaths.filter((death) => death < units);
              // The token dies just before a unit of `deaths` is asked for, once for each.
              const left = new Set(times);
              const { answered, sent, sourceWith } = yield* vendor((from) => {
                if (left.delete(from)) era++;
                return `token ${era}`;
              });
              let underWay = 0;
              const renew: Renew = () =>
                Effect.gen(function* () {
                  asked.push(`token ${era}`);
                  expect(++underWay).toBe(1);
                  const before = sent.length;
                  yield* Effect.sleep(pause);
                  // What was on its way may have left before the pause; nothing leaves during it.
                  expect(sent.length).toBe(before);
                  underWay--;
                  return sourceWith(`token ${era}`);
                });
              const { candles } = Context.get(
                yield* governed(sourceWith("token 0"), { renew }),
                CandleSource,
              );
              yield* inTime(Effect.forEach(
                Array.from({ length: units }, (_, unit) => unit),
                (unit) => retrying(once)(candles({ ...request, from: unit, to: unit + 1 })),
                { concurrency: fibers },
              ));
              expect([...answered].sort((a, b) => a - b)).toEqual(
                Array.from({ length: units }, (_, i) => i),
              );
              expect(asked.length).toBe(times.length);
              for (let i = 4; i < sent.length; i++) {
                expect(sent[i]!.time - sent[i - 4]!.time).toBeGreaterThanOrEqual(1_000);
              }
            }).pipe(Effect.provide(TestClock.layer())),
          ),
      ),
    ));

  it.effect("without another login the refusal stands, for all that wait, and nobody asks twice", () =>
    Effect.gen(function* () {
      const { sent, sourceWith } = yield* vendor(() => "another");
      let asked = 0;
      const renew: Renew = () => Effect.as(Effect.sleep("1 minute"), (asked++, undefined));
      const { candles } = Context.get(yield* governed(sourceWith("mine"), { renew }), CandleSource);
      const exits = yield* inTime(
        Effect.forEach([1, 2, 3], () => Effect.flip(candles(request)), { concurrency: 3 }),
      );
      expect(exits).toEqual([refusal, refusal, refusal]);
      expect(asked).toBe(1);
      expect(sent.length).toBe(3);
    }));

  it.effect("renewal is told whether the refused login had been good before", () =>
    Effect.gen(function* () {
      const { sourceWith } = yield* vendor((_, requests) => requests === 1 ? "a" : "c");
      const told: Array<boolean> = [];
      const renew: Renew = (_, wasAccepted) =>
        Effect.sync(() => {
          told.push(wasAccepted);
          return sourceWith(told.length === 1 ? "b" : "c");
        });
      const context = yield* governed(sourceWith("a"), { renew });
      const { authenticate } = Context.get(context, SourceSession);
      yield* inTime(Effect.andThen(authenticate, authenticate));
      expect(told).toEqual([true, false]);
    }));

  it.effect("a dump that is refused is asked for again; one that breaks off refused is not told twice", () =>
    Effect.gen(function* () {
      const { sourceWith } = yield* vendor(() => "b");
      const renew: Renew = () => Effect.succeed(sourceWith("b", 2));
      const dump = Context.get(yield* governed(sourceWith("a"), { renew }), InstrumentSource).instruments();
      expect(yield* inTime(Stream.runCount(dump))).toBe(2);

      const broken = pretendSource({
        dump: () => ({ batches: [{ instruments: [], rejected: [] }], error: refusal }),
      });
      const half = Context.get(yield* governed(broken.services, { renew }), InstrumentSource).instruments();
      expect(yield* Effect.flip(Stream.runDrain(half))).toBe(refusal);
      expect(broken.requests.length).toBe(1);
    }));

  it.effect("who is interrupted in the pause leaves the renewal to the next that waits", () =>
    Effect.gen(function* () {
      const { sourceWith } = yield* vendor(() => "b");
      let asked = 0;
      const renew: Renew = () => Effect.as(Effect.sleep("1 minute"), (asked++, sourceWith("b")));
      const { candles } = Context.get(yield* governed(sourceWith("a"), { renew }), CandleSource);
      const first = yield* Effect.forkChild(candles(request));
      const second = yield* Effect.forkChild(candles(request));
      yield* TestClock.adjust("5 seconds");
      yield* Fiber.interrupt(first);
      yield* inTime(Fiber.join(second));
      expect(asked).toBe(2);
    }));
});

describe("a source that logs in by itself", () => {
  /** A source whose token is the number of its logins, and what was asked of it. */
  const selfMade = Effect.fnUntraced(function* (
    own: (tries: number) => Effect.Effect<boolean, PluginError>,
    alive: string,
  ) {
    const { sent, sourceWith } = yield* vendor(() => alive);
    let tries = 0;
    let token = "first";
    const services = (): SourceServices => ({
      ...sourceWith("first"),
      session: {
        info: { ...pretendInfo, limits },
        authenticate: Effect.suspend(() => sourceWith(token).session.authenticate),
      },
      renew: () =>
        Effect.tap(Effect.suspend(() => own(++tries)), (isRenewed) =>
          Effect.sync(() => {
            if (isRenewed) token = `own ${tries}`;
          })),
    });
    return { sent, services: services(), sourceWith, tries: () => tries };
  });

  it.effect("renews its login, and the refused request is sent again at a turn of its own", () =>
    Effect.gen(function* () {
      const { sent, services } = yield* selfMade(() => Effect.succeed(true), "own 1");
      const others = () => Effect.die("nobody else is asked");
      const { authenticate } = Context.get(yield* governed(services, { renew: others }), SourceSession);
      yield* inTime(authenticate);
      expect(sent.map(({ token }) => token)).toEqual(["first", "own 1"]);
      expect(sent[1]!.time - sent[0]!.time).toBeGreaterThanOrEqual(1_000);
    }));

  it.effect("may have to try more than once: a login is a request like others", () =>
    Effect.gen(function* () {
      const { services, tries } = yield* selfMade(
        (tries) => tries < 3 ? Effect.fail(tooMany()) : Effect.succeed(true),
        "own 3",
      );
      yield* inTime(Context.get(yield* governed(services), SourceSession).authenticate);
      expect(tries()).toBe(3);
    }));

  it.effect("that has no other login leaves it to who else may bring one", () =>
    Effect.gen(function* () {
      for (const own of [Effect.succeed(false), Effect.fail(refusal)]) {
        const { sent, services, sourceWith } = yield* selfMade(() => own, "theirs");
        const others: Renew = () => Effect.succeed(sourceWith("theirs"));
        yield* inTime(Context.get(yield* governed(services, { renew: others }), SourceSession).authenticate);
        expect(sent.map(({ token }) => token)).toEqual(["first", "theirs"]);
        const alone = Context.get(yield* governed(services), SourceSession);
        expect(yield* inTime(Effect.flip(alone.authenticate))).toBe(refusal);
      }
    }));
});
