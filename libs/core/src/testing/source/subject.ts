import { it } from "@effect/vitest";
import { Effect, type Scope } from "effect";
import type { SourcePlugin, SourceServices } from "../../Plugin.ts";
import type { CandleRequest, Capability } from "../../Source.ts";

/**
 * What the vendor does in a test. Each applies to whatever is asked of it: login check, instruments, candles.
 *
 * - `healthy`: answers as it should; candles lie in the range asked for, or just outside where the vendor's own
 *   bounds are wider
 * - `noCredentials`: healthy, but the source has no credentials
 * - `unauthorized`: refuses the credentials
 * - `rateLimited`, `rateLimitedFor`: "too many requests", without a time to stay away and with one of 7 seconds
 * - `unavailable`: a failure of its own, such as status 503
 * - `hangs`: takes the request and never answers; the source's time limit is at most half a second
 * - `silent`: the same, with a time limit of a minute
 * - `stalls`: begins an answer and stops without closing; time limit at most half a second
 * - `cutBody`: the connection breaks in the middle of the answer
 * - `truncated`: a well-formed transfer of an answer whose tail is missing
 * - `htmlInsteadOfData`: an HTML page with the status of success
 * - `malformed`: an answer with the status of success that cannot be parsed
 * - `wrongShape`: one that parses and is something else: other columns, other fields
 * - `invalidRequest`: says that this request will never be accepted
 * - `emptyAnswer`: no candles in the range
 * - `badRows`: at least two good rows and two that cannot be used, in an otherwise good answer; of the bad
 *   candles one at least with a good stamp in the range
 * - `outOfOrder`: candles newest first, one of them twice, one before and one after the range
 */
export const sourceScenarios = [
  "healthy",
  "noCredentials",
  "unauthorized",
  "rateLimited",
  "rateLimitedFor",
  "unavailable",
  "hangs",
  "silent",
  "stalls",
  "cutBody",
  "truncated",
  "htmlInsteadOfData",
  "malformed",
  "wrongShape",
  "invalidRequest",
  "emptyAnswer",
  "badRows",
  "outOfOrder",
] as const;

export type SourceScenario = typeof sourceScenarios[number];

/** What `rateLimitedFor` tells the source, milliseconds. */
export const STAY_AWAY = 7_000;

/** A request as the vendor saw it. */
export interface SeenRequest {
  /** Method and path, for messages. */
  readonly line: string;
  /** Whether the client went away before the answer was complete. */
  readonly aborted: () => boolean;
}

/** The source's plugin, started against a vendor on loopback. */
export interface StartedSource {
  readonly services: SourceServices;
  /** Every request the vendor has seen so far. */
  readonly requests: () => ReadonlyArray<SeenRequest>;
  /** Rows in the vendor's answers, good and bad, those outside a range of candles not counted. */
  readonly sent: {
    /** In the dump of all exchanges. */
    readonly instruments: number;
    /** For the subject's request. */
    readonly candles: number;
  };
}

/**
 * For a source that logs in by itself. It starts with a login that was kept, and that the vendor refuses.
 *
 * - `relogin`: the vendor takes the next login, and what that brings
 * - `lockedOut`: the vendor refuses every login
 */
export type RenewalScenario = "relogin" | "lockedOut";

/** Such a source, started. Among its `requests` no login counts. */
export interface StartedRenewal extends StartedSource {
  /** Every login the vendor has been asked for so far, renewals by other means than credentials included. */
  readonly logins: () => number;
}

/** A source under test, with a real vendor on loopback that misbehaves on demand. */
export interface SourceSubject {
  /** Title of the suite. */
  readonly name: string;
  readonly plugin: SourcePlugin;
  readonly offers: ReadonlyArray<Capability>;
  /**
   * A source that logs in by itself starts with a login kept by an earlier run, so that its calls alone make
   * requests; without credentials, with none.
   */
  readonly start: (scenario: SourceScenario) => Effect.Effect<StartedSource, unknown, Scope.Scope>;
  /** For a source that logs in by itself; the others have no `renew`. */
  readonly startRenewal?: (
    scenario: RenewalScenario,
  ) => Effect.Effect<StartedRenewal, unknown, Scope.Scope>;
  /** An exchange whose instruments can be asked for alone; absent when the vendor has only one dump. */
  readonly exchange?: string;
  /** A request that the healthy vendor answers with three candles or more; needed when candles are offered. */
  readonly candles?: CandleRequest;
  /** Keys and tokens in use, looked for in errors, logs and spans. */
  readonly secrets: ReadonlyArray<string>;
  /** Scenarios that the vendor's protocol cannot express, each with the reason. */
  readonly impossible?: Partial<Readonly<Record<SourceScenario, string>>>;
}

const TIMEOUT = 20_000;

export interface TestOptions {
  readonly needs?: Capability;
}

/** Declares a test of one scenario; skipped, visibly, where the source cannot be put into it. */
export type DeclareTest = (
  title: string,
  scenario: SourceScenario,
  body: (started: StartedSource) => Effect.Effect<void, unknown, Scope.Scope>,
  options?: TestOptions,
) => void;

export type Topic = (test: DeclareTest, subject: SourceSubject) => void;

/** Declares a test of a source that logs in by itself; skipped, visibly, for the others. */
export const declareRenewal = (
  subject: SourceSubject,
  title: string,
  scenario: RenewalScenario,
  body: (started: StartedRenewal) => Effect.Effect<void, unknown, Scope.Scope>,
): void => {
  const { startRenewal } = subject;
  it.live.skipIf(startRenewal === undefined)(
    startRenewal === undefined ? `${title} (not here: does not log in by itself)` : title,
    () => Effect.flatMap(startRenewal!(scenario), body),
    TIMEOUT,
  );
};

const whyNot = (
  subject: SourceSubject,
  scenario: SourceScenario,
  needs: Capability | undefined,
): string | undefined =>
  needs !== undefined && !subject.offers.includes(needs)
    ? `does not offer ${needs}`
    : subject.impossible?.[scenario];

export const declare = (subject: SourceSubject, topic: Topic): void =>
  topic((title, scenario, body, { needs } = {}) => {
    const reason = whyNot(subject, scenario, needs);
    it.live.skipIf(reason !== undefined)(
      reason === undefined ? title : `${title} (not here: ${reason})`,
      () => Effect.flatMap(subject.start(scenario), body),
      TIMEOUT,
    );
  }, subject);
