import { type Login, MarketTime, PluginError } from "@candlewick/core";
import { Clock, Effect, Redacted, Schema } from "effect";
import type { AngelOneClient, ApiRequest } from "./client.ts";
import { ZONE } from "./stamp.ts";
import type { TotpKey } from "./totp.ts";

/** What a login is made of, all there and fit to be sent. */
export interface Account {
  readonly clientCode: string;
  readonly pin: Redacted.Redacted<string>;
  readonly totp: TotpKey;
}

/** A login at work. */
export interface Tokens {
  readonly jwt: Redacted.Redacted<string>;
  readonly refresh: Redacted.Redacted<string>;
  readonly feed: Redacted.Redacted<string> | undefined;
  /** Epoch ms. */
  readonly expires: number;
}

const LOGIN = "/rest/auth/angelbroking/user/v1/loginByPassword";
const RENEWAL = "/rest/auth/angelbroking/jwt/v1/generateTokens";
const PROFILE = "/rest/secure/angelbroking/user/v1/getProfile";

const Token = Schema.String.check(Schema.isPattern(/^(Bearer )?[\x21-\x7e]+$/i));

const decodeTokens = Schema.decodeUnknownOption(Schema.Struct({
  jwtToken: Token,
  refreshToken: Token,
  feedToken: Schema.optionalKey(Schema.NullOr(Schema.String)),
}));

/** The vendor sends the web token with and without its prefix. */
const bare = (token: string): Redacted.Redacted<string> => Redacted.make(token.replace(/^Bearer /i, ""));

const ask = Effect.fnUntraced(function* (client: AngelOneClient, request: ApiRequest) {
  const data = yield* client.data({ ...request, isLogin: true });
  const tokens = decodeTokens(data).valueOrUndefined;
  if (tokens === undefined) {
    return yield* Effect.fail(
      new PluginError.Corrupt({ message: `${client.nameOf(request)}: an answer without tokens` }),
    );
  }
  const { feedToken, jwtToken, refreshToken } = tokens;
  const login: Tokens = {
    jwt: bare(jwtToken),
    refresh: bare(refreshToken),
    feed: feedToken === undefined || feedToken === null ? undefined : Redacted.make(feedToken),
    // Logins end at 05:00.
    expires: MarketTime.nextTime(yield* Clock.currentTimeMillis, "05:00", ZONE),
  };
  return login;
});

/** Logs in with PIN and code; ends no other login of the account (?). */
export const logIn = (
  client: AngelOneClient,
  account: Account,
  code: Redacted.Redacted<string>,
): Effect.Effect<Tokens, PluginError.Reason> =>
  ask(client, {
    path: LOGIN,
    json: { clientcode: account.clientCode, password: account.pin, totp: code },
  });

/** New tokens for those of a login, without PIN and code. */
export const renewTokens = (
  client: AngelOneClient,
  { jwt, refresh }: Tokens,
): Effect.Effect<Tokens, PluginError.Reason> =>
  ask(client, { path: RENEWAL, json: { refreshToken: refresh }, token: jwt });

/** One official client sends the refresh token along, another does not; sent, it serves both. */
export const profileRequest = ({ jwt, refresh }: Tokens): ApiRequest => ({
  path: PROFILE,
  query: { refreshToken: refresh },
  token: jwt,
});

/** A login as it is kept. Whose it is goes with it: another client code in the settings must not find it. */
export const toKept = ({ clientCode }: Account, { expires, feed, jwt, refresh }: Tokens): Login.Login => ({
  tokens: {
    clientCode: Redacted.make(clientCode),
    jwtToken: jwt,
    refreshToken: refresh,
    ...(feed === undefined ? {} : { feedToken: feed }),
  },
  expires,
});

/** The tokens of a kept login, when it is this account's. */
export const fromKept = ({ clientCode }: Account, kept: Login.Login | undefined): Tokens | undefined => {
  if (kept === undefined) return undefined;
  const { clientCode: owner, feedToken, jwtToken, refreshToken } = kept.tokens;
  if (owner === undefined || jwtToken === undefined || refreshToken === undefined) return undefined;
  return Redacted.value(owner) === clientCode
    ? { jwt: jwtToken, refresh: refreshToken, feed: feedToken, expires: kept.expires }
    : undefined;
};
