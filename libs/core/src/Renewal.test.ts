import { describe, expect, it } from "@effect/vitest";
import { Clock, Context, Effect, Fiber, Stream } from "effect";
import { TestClock } from "effect/testing";
import * as fc from "fast-check";
import { governed } from "./Governed.ts";
import type { Renew, SourceServices } from "./Plugin.ts";
import { PluginError, Unauthorized } from "./PluginError.ts";
import { retrying } from "./Retry.ts";
import { CandleSource, InstrumentSource, SourceSession } from "./Source.ts";
import { inTime, limits, request, tooMany } from "./testing/pace.ts";
import { pretendInfo, pretendSource } from "./testing/pretendSource.ts";

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
