import { expect } from "@effect/vitest";
import { Effect } from "effect";
import type { Reason } from "../../PluginError.ts";
import { callsOf, failure } from "./calls.ts";
import { type SourceScenario, STAY_AWAY, type Topic } from "./subject.ts";

interface Fault {
  readonly number: string;
  readonly scenario: SourceScenario;
  readonly what: string;
  readonly reasons: ReadonlyArray<Reason["_tag"]>;
  /** Whether the login check, whose answer may be of no interest but for its status, must fail too. */
  readonly authenticate: boolean;
}

const faults: ReadonlyArray<Fault> = [
  {
    number: "S41",
    scenario: "unavailable",
    what: "a failure of the vendor's own is Unavailable",
    reasons: ["Unavailable"],
    authenticate: true,
  },
  {
    number: "S42",
    scenario: "hangs",
    what: "no answer in time is Unavailable",
    reasons: ["Unavailable"],
    authenticate: true,
  },
  {
    number: "S43",
    scenario: "stalls",
    what: "an answer that stops is Unavailable or Corrupt",
    reasons: ["Unavailable", "Corrupt"],
    authenticate: false,
  },
  {
    number: "S44",
    scenario: "cutBody",
    what: "a connection that breaks in the answer is Unavailable or Corrupt",
    reasons: ["Unavailable", "Corrupt"],
    authenticate: false,
  },
  {
    number: "S45",
    scenario: "truncated",
    what: "an answer without its tail is Corrupt",
    reasons: ["Corrupt"],
    authenticate: false,
  },
  {
    number: "S46",
    scenario: "htmlInsteadOfData",
    what: "an HTML page is Corrupt",
    reasons: ["Corrupt"],
    authenticate: true,
  },
  {
    number: "S47",
    scenario: "malformed",
    what: "an answer that cannot be parsed is Corrupt",
    reasons: ["Corrupt"],
    authenticate: false,
  },
  {
    number: "S48",
    scenario: "wrongShape",
    what: "an answer that is something else is Corrupt",
    reasons: ["Corrupt"],
    authenticate: false,
  },
];

export const faultsTopic: Topic = (test, subject) => {
  test(
    "S40: too many requests is RateLimited, with no time where the vendor names none",
    "rateLimited",
    (started) =>
      Effect.gen(function* () {
        for (const [name, call] of Object.entries(callsOf(started, subject))) {
          const { reason } = yield* failure(started, subject, call);
          expect(reason._tag, name).toBe("RateLimited");
          expect(reason._tag === "RateLimited" && reason.retryAfter, name).toBeUndefined();
        }
      }),
  );

  test(
    "S40: too many requests is RateLimited, with the time the vendor names",
    "rateLimitedFor",
    (started) =>
      Effect.gen(function* () {
        for (const [name, call] of Object.entries(callsOf(started, subject))) {
          const { reason } = yield* failure(started, subject, call);
          expect(reason._tag === "RateLimited" && reason.retryAfter, name).toBe(STAY_AWAY);
        }
      }),
  );

  for (const { authenticate, number, reasons, scenario, what } of faults) {
    test(
      `${number}: ${what}; the call fails, after one request`,
      scenario,
      (started) =>
        Effect.gen(function* () {
          const calls = Object.entries(callsOf(started, subject))
            .filter(([name]) => authenticate || name !== "authenticate");
          for (const [name, call] of calls) {
            const { reason } = yield* failure(started, subject, call);
            expect(reasons, name).toContain(reason._tag);
          }
          expect(started.requests().length).toBe(calls.length);
        }),
    );
  }
};
