import { Effect, Random } from "effect";
import { isRetryable, type PluginError, type Reason } from "./PluginError.ts";
import { emit } from "./RunEvent.ts";
import * as Setting from "./Setting.ts";

/** How often and how patiently a failed operation is tried again. */
export interface RetryPolicy {
  /** Tries in all, the first included; waiting out a rate limit is not a try. */
  readonly attempts: number;
  /** Pause before the second try, milliseconds; doubles with each further one. */
  readonly delay: number;
  /** The pause never exceeds this, milliseconds. */
  readonly maxDelay: number;
  /** Waits for the vendor's rate limit in a row before giving up. */
  readonly rateLimitWaits: number;
}

export const defaultPolicy: RetryPolicy = { attempts: 4, delay: 1_000, maxDelay: 30_000, rateLimitWaits: 20 };

/** Parameters of a DAG that lets its user choose how often and how patiently; `tries` says of what. */
export const parameters = (tries: string) => ({
  retryAttempts: Setting.int({ description: tries, default: defaultPolicy.attempts, min: 1, max: 20 }),
  retryDelay: Setting.duration({
    description: "Pause before the second try; doubles with each further one",
    default: defaultPolicy.delay,
  }),
});

/** The policy that a user chose. */
export const policyOf = (chosen: Setting.Values<ReturnType<typeof parameters>>): RetryPolicy => ({
  ...defaultPolicy,
  attempts: chosen.retryAttempts,
  delay: chosen.retryDelay,
});

/**
 * The pause before try `attempt + 1` without jitter: `delay`, `2 x delay`, `4 x delay` ..., at most `maxDelay`.
 */
export const backoff = (policy: RetryPolicy, attempt: number): number =>
  Math.min(policy.delay * 2 ** (attempt - 1), policy.maxDelay);

/** Up to a quarter more than the back-off, so that many units do not return at once. */
export const jittered = (pause: number, random: number): number => pause * (1 + random / 4);

/** What to do about a failure after `attempt` counted tries and `waits` rate-limit waits. */
export type Decision =
  | { readonly _tag: "GiveUp" }
  | { readonly _tag: "Retry"; readonly delay: number; readonly counted: boolean };

export const decide = (
  policy: RetryPolicy,
  reason: Reason,
  state: { readonly attempt: number; readonly waits: number },
  random: number,
): Decision => {
  if (!isRetryable(reason)) return { _tag: "GiveUp" };
  if (reason._tag === "RateLimited") {
    return state.waits >= policy.rateLimitWaits
      ? { _tag: "GiveUp" }
      : { _tag: "Retry", delay: reason.retryAfter ?? 0, counted: false };
  }
  return state.attempt >= policy.attempts
    ? { _tag: "GiveUp" }
    : { _tag: "Retry", delay: jittered(backoff(policy, state.attempt), random), counted: true };
};

/**
 * Runs an effect again while its reason allows and the policy permits. A rate limit is waited out (the limiter
 * holds back everyone, so no pause is added here beyond the vendor's own) and does not count as a try.
 */
export const retrying = (policy: RetryPolicy) =>
<A, R>(
  self: Effect.Effect<A, PluginError, R>,
): Effect.Effect<A, PluginError, R> => {
  const go = (attempt: number, waits: number): Effect.Effect<A, PluginError, R> =>
    Effect.matchEffect(self, {
      onSuccess: Effect.succeed,
      onFailure: Effect.fnUntraced(function* (error: PluginError) {
        const decision = decide(policy, error.reason, { attempt, waits }, yield* Random.next);
        if (decision._tag === "GiveUp") return yield* error;
        yield* emit((at) => ({
          _tag: "Retrying",
          ...at,
          operation: error.operation,
          reason: error.reason._tag,
          message: error.reason.message,
          attempt,
          delay: decision.delay,
        }));
        yield* Effect.sleep(decision.delay);
        return yield* go(decision.counted ? attempt + 1 : attempt, decision.counted ? 0 : waits + 1);
      }),
    });
  return go(1, 0);
};
