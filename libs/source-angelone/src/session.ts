import { type Login, PluginError, RateLimiter, Source } from "@candlewick/core";
import { Clock, Effect, Redacted, type Result, Semaphore } from "effect";
import type { AngelOneClient } from "./client.ts";
import { type Account, fromKept, logIn, renewTokens, type Tokens, toKept } from "./login.ts";
import { codeOf, stepOf, stepStart } from "./totp.ts";

/** The logins of one account: made when one is needed, kept, and replaced when the vendor refuses them. */
export interface Session {
  /** Sends a request with the tokens of now; logs in before it where there are none. */
  readonly use: <A>(
    request: (tokens: Tokens) => Effect.Effect<A, PluginError.Reason>,
  ) => Effect.Effect<A, PluginError.Reason>;
  /** New tokens after a refusal; `false` when there are none to be had. */
  readonly renew: Effect.Effect<boolean, PluginError.Reason>;
}

/** Tokens in use. */
interface Held {
  readonly tokens: Tokens;
  /** `kept` by this process or another one, `renewed` by the refresh token, or `fresh` from PIN and code. */
  readonly origin: "kept" | "renewed" | "fresh";
  wasAccepted: boolean;
}

/** The vendor's, for each kind of login request. */
const LOGIN_LIMIT = Source.perSecond(1);

const secretOf = ({ jwt }: Tokens): string => Redacted.value(jwt);

/** What a user must know of a login that was refused. */
const notAgain = ({ hint, message }: PluginError.Unauthorized): PluginError.Unauthorized =>
  new PluginError.Unauthorized({
    message,
    hint:
      `${hint}, and that the clock of this machine is right. PIN and code are not sent again before the next ` +
      "start: Angel One locks accounts after some wrong tries",
  });

export const make = Effect.fnUntraced(function* (
  client: AngelOneClient,
  account: Result.Result<Account, PluginError.Unauthorized>,
  kept: Login.KeptLogin,
) {
  const alone = Semaphore.makeUnsafe(1);
  const pace = yield* RateLimiter.make([LOGIN_LIMIT]);
  let held: Held | undefined;
  /** Web tokens that the vendor refused. */
  const refused = new Set<string>();
  /** Why PIN and code were refused; they are not sent again. */
  let isLockedOut: PluginError.Unauthorized | undefined;
  /** Period of the code that was sent last: a code is good once. */
  let lastStep = -Infinity;

  const isRefused = ({ tokens }: Held): boolean => refused.has(secretOf(tokens));

  const hold = (tokens: Tokens, origin: Held["origin"]): Held =>
    held = { tokens, origin, wasAccepted: false };

  const keep = (of: Account, tokens: Tokens, origin: Held["origin"]) =>
    Effect.as(kept.save(toKept(of, tokens)), hold(tokens, origin));

  const nextStep = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis;
    const wait = stepStart(lastStep + 1) - now;
    if (wait > 0) {
      yield* Effect.logInfo(
        `Angel One: the next login waits ${Math.ceil(wait / 1_000)} s for a code not used yet`,
      );
      yield* Effect.sleep(wait);
    }
    yield* pace.take;
    return lastStep = stepOf(yield* Clock.currentTimeMillis);
  });

  const fresh = Effect.fnUntraced(function* (of: Account) {
    if (isLockedOut !== undefined) return yield* Effect.fail(isLockedOut);
    const code = codeOf(of.totp, yield* nextStep);
    const tokens = yield* logIn(client, of, code).pipe(
      Effect.mapError((reason) => reason._tag === "Unauthorized" ? isLockedOut = notAgain(reason) : reason),
    );
    return yield* keep(of, tokens, "fresh");
  }, Effect.withSpan("AngelOne.logIn"));

  /** By the refresh token; none when that brings nothing, and then PIN and code decide. */
  const renewed = Effect.fnUntraced(function* (of: Account, stale: Tokens) {
    yield* pace.take;
    const tokens = yield* Effect.catchIf(
      renewTokens(client, stale),
      (reason) => reason._tag !== "RateLimited",
      () => Effect.undefined,
    );
    return tokens === undefined || refused.has(secretOf(tokens))
      ? undefined
      : yield* keep(of, tokens, "renewed");
  }, Effect.withSpan("AngelOne.renewTokens"));

  /** Tokens to follow those held: of another process, by the refresh token, or of a new login. */
  const obtain = Effect.gen(function* () {
    const of = yield* Effect.fromResult(account);
    const now = yield* Clock.currentTimeMillis;
    const found = fromKept(of, yield* kept.load);
    if (found !== undefined && found.expires > now && !refused.has(secretOf(found))) {
      return hold(found, "kept");
    }
    const stale = found ?? held?.tokens;
    const isRenewalInVain = held?.origin === "renewed" && !held.wasAccepted;
    const next = stale === undefined || isRenewalInVain ? undefined : yield* renewed(of, stale);
    return next ?? (yield* fresh(of));
  });

  const present = alone.withPermits(1)(Effect.gen(function* () {
    // Checked each time: tokens kept by an earlier run do not make up for settings that are gone.
    yield* Effect.fromResult(account);
    if (held !== undefined && held.tokens.expires > (yield* Clock.currentTimeMillis)) return held;
    return yield* obtain;
  }));

  const session: Session = {
    use: (request) =>
      Effect.flatMap(present, (now) =>
        request(now.tokens).pipe(
          Effect.tap(() => Effect.sync(() => void (now.wasAccepted = true))),
          Effect.tapError((reason) =>
            Effect.sync(() => {
              if (reason._tag === "Unauthorized") refused.add(secretOf(now.tokens));
            })
          ),
        )),
    renew: alone.withPermits(1)(Effect.suspend(() => {
      // No tokens: the login itself failed, and would again.
      if (held === undefined) return Effect.succeed(false);
      if (!isRefused(held)) return Effect.succeed(true);
      if (held.origin === "fresh" && !held.wasAccepted) return Effect.succeed(false);
      return obtain.pipe(
        Effect.as(true),
        Effect.catchTag(
          "Unauthorized",
          ({ hint, message }) =>
            Effect.as(Effect.logWarning(`Angel One: no new login: ${message}; ${hint}`), false),
        ),
      );
    })),
  };
  return session;
});
