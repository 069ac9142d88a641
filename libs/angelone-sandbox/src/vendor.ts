import type { LocalSeconds, SandboxClock, Vendor } from "@candlewick/pretend-exchange";
import { makeApi } from "./api/api.ts";
import { parseCandleQuery } from "./api/candle-query.ts";
import { limiter, type RateLimits } from "./api/rate-limits.ts";
import { parametersOf, routeOf } from "./api/route.ts";
import type { Sessions } from "./api/sessions.ts";
import type { Exchange } from "./exchange/exchange.ts";
import { wording } from "./exchange/wording.ts";

export interface AngelOneOptions {
  readonly exchange: Exchange;
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly clock: SandboxClock;
}

/** Angel One's API as the server of the pretend exchange sees it. */
export const angelOne = ({ exchange, sessions, limits, clock }: AngelOneOptions): Vendor => ({
  wording,
  parametersOf,
  routeOf,
  apiKeyOf: ({ headers }) => headers["x-privatekey"] ?? "",
  admit: limiter(limits),
  retryAfterSeconds: limits.retryAfterSeconds,
  answer: makeApi({ exchange, sessions, clientSeconds: () => clock.client() / 1000 }),
  candleQuery: ({ query }, now: LocalSeconds) => {
    const parsed = parseCandleQuery(new URLSearchParams(query), (key) => exchange.tokenOf(key, now));
    return "status" in parsed ? undefined : parsed;
  },
  candles: exchange.candles,
  others: exchange.others,
  tokenOf: exchange.keyOf,
  asked: ({ query }) => {
    const parameters = new URLSearchParams(query);
    return {
      token: parameters.get("symboltoken"),
      interval: parameters.get("interval"),
      exchange: parameters.get("exchange"),
      from: parameters.get("fromdate"),
      to: parameters.get("todate"),
    };
  },
  login: () => ({ ...sessions.login(clock.now()) }),
  killToken: () => {
    sessions.kill();
    return { jwtToken: null, refreshToken: null, feedToken: null };
  },
});
