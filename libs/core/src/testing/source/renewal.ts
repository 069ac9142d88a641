import { expect } from "@effect/vitest";
import { Context, Effect, Exit } from "effect";
import { governed } from "../../Governed.ts";
import { CandleSource, SourceSession } from "../../Source.ts";
import { callsBy, failure, watched } from "./calls.ts";
import { declareRenewal, type SourceSubject, type StartedRenewal, type Topic } from "./subject.ts";

/** A refusal of the login that the source started with. */
const refusal = (started: StartedRenewal, subject: SourceSubject) =>
  Effect.map(failure(started, subject, started.services.session.authenticate), (error) => {
    expect(error.reason._tag).toBe("Unauthorized");
    return error;
  });

/** What the source answers to it, with nothing secret in its logs and spans. */
const renew = (started: StartedRenewal, subject: SourceSubject) =>
  Effect.gen(function* () {
    const error = yield* refusal(started, subject);
    const exit = yield* watched(subject, started.services.renew!(error, true));
    return Exit.isSuccess(exit) ? exit.value : expect.unreachable(String(exit.cause));
  });

export const renewalTopic: Topic = (test, subject) => {
  test(
    "S50: a source that logs in by itself offers to renew its login, the others do not",
    "healthy",
    ({ services }) =>
      Effect.sync(() => expect(services.renew !== undefined).toBe(subject.startRenewal !== undefined)),
  );

  declareRenewal(
    subject,
    "S51: a renewed login serves all calls, with no further login, and nothing secret shows",
    "relogin",
    (started) =>
      Effect.gen(function* () {
        expect(yield* renew(started, subject)).toBe(true);
        const logins = started.logins();
        expect(logins).toBeGreaterThanOrEqual(1);
        for (const [name, call] of Object.entries(callsBy(started, subject, { isOpen: false }))) {
          expect(Exit.isSuccess(yield* watched(subject, call)), name).toBe(true);
        }
        expect(started.logins()).toBe(logins);
      }),
  );

  declareRenewal(
    subject,
    "S52: under the engine a refused call is sent again once the login is renewed, by one login for all",
    "relogin",
    (started) =>
      Effect.gen(function* () {
        const services = yield* governed(started.services);
        const { authenticate } = Context.get(services, SourceSession);
        const calls = [
          authenticate,
          authenticate,
          ...(subject.candles === undefined
            ? []
            : [Context.get(services, CandleSource).candles(subject.candles)]),
        ];
        const exit = yield* watched(subject, Effect.all(calls, { concurrency: "unbounded" }));
        expect(Exit.isSuccess(exit)).toBe(true);
        expect(started.logins()).toBe(1);
      }),
  );

  declareRenewal(
    subject,
    "S53: where every login is refused, renewal answers no, and refused credentials are not sent again",
    "lockedOut",
    (started) =>
      Effect.gen(function* () {
        expect(yield* renew(started, subject)).toBe(false);
        const logins = started.logins();
        expect(logins).toBeGreaterThanOrEqual(1);
        expect(yield* renew(started, subject)).toBe(false);
        // What stands in for credentials may be tried again; they themselves are not.
        expect(started.logins() - logins).toBeLessThan(logins);
      }),
  );
};
