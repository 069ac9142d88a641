import { expect } from "@effect/vitest";
import { Effect, Exit, Fiber } from "effect";
import { callsBy, callsOf, eventually, failure, watched } from "./calls.ts";
import type { Topic } from "./subject.ts";

export const sessionTopic: Topic = (test, subject) => {
  test(
    "S10: good credentials are found good with one request",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        yield* started.services.session.authenticate;
        expect(started.requests().length).toBe(1);
      }),
  );

  test(
    "S14: no secret shows in a log or a span of calls that go well",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        for (const [name, call] of Object.entries(callsOf(started, subject))) {
          expect(Exit.isSuccess(yield* watched(subject, call)), name).toBe(true);
        }
      }),
  );

  test(
    "S11: without credentials every call that needs them is Unauthorized with a hint, and nothing is sent",
    "noCredentials",
    (started) =>
      Effect.gen(function* () {
        for (const [name, call] of Object.entries(callsBy(started, subject, { isOpen: false }))) {
          const { reason } = yield* failure(started, subject, call);
          expect(reason._tag, name).toBe("Unauthorized");
          expect(reason._tag === "Unauthorized" && reason.hint, name).not.toBe("");
        }
        expect(started.requests()).toEqual([]);
      }),
  );

  test(
    "S12: refused credentials are Unauthorized with a hint how to log in",
    "unauthorized",
    (started) =>
      Effect.gen(function* () {
        const calls = Object.entries(callsBy(started, subject, { isOpen: false }));
        for (const [name, call] of calls) {
          const { reason } = yield* failure(started, subject, call);
          expect(reason._tag, name).toBe("Unauthorized");
          expect(reason._tag === "Unauthorized" && reason.hint, name).not.toBe("");
        }
        expect(started.requests().length).toBe(calls.length);
      }),
  );

  test(
    "S16: what is open to everyone comes without credentials",
    "noCredentials",
    (started) =>
      Effect.gen(function* () {
        const calls = callsBy(started, subject, { isOpen: true });
        expect(Object.keys(calls)).toEqual(started.services.session.info.open ?? []);
        for (const [name, call] of Object.entries(calls)) {
          expect(Exit.isSuccess(yield* watched(subject, call)), name).toBe(true);
        }
        expect(started.requests().length).toBe(Object.keys(calls).length);
      }),
  );

  test("S13: interruption aborts the request", "silent", (started) =>
    Effect.gen(function* () {
      let seen = 0;
      for (const call of Object.values(callsOf(started, subject))) {
        const fiber = yield* Effect.forkChild(call);
        seen++;
        yield* eventually(() => started.requests().length === seen);
        yield* Fiber.interrupt(fiber);
        yield* eventually(() => started.requests().every((request) => request.aborted()));
      }
    }));
};
