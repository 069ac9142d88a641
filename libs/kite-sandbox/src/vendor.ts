import type { LocalSeconds, Vendor } from "@candlewick/pretend-exchange";
import { makeApi } from "./api/api.ts";
import type { Exchange } from "./api/exchange.ts";
import { parseHistoricalQuery } from "./api/historical-query.ts";
import { limiter, type RateLimits } from "./api/rate-limits.ts";
import { apiKeyOf, routeOf } from "./api/route.ts";
import type { Sessions } from "./api/sessions.ts";
import { wording } from "./wording.ts";

export interface KiteOptions {
  readonly exchange: Exchange;
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly redirectUrl: string | undefined;
  readonly now: () => LocalSeconds;
}

/** Kite's API as the server of the pretend exchange sees it. */
export const kite = ({ exchange, sessions, limits, redirectUrl, now }: KiteOptions): Vendor => ({
  wording,
  parametersOf: ({ query }) => query,
  routeOf,
  apiKeyOf: ({ headers }) => apiKeyOf(headers["authorization"]),
  admit: limiter(limits),
  retryAfterSeconds: limits.retryAfterSeconds,
  answer: makeApi(exchange, sessions, redirectUrl).answer,
  candleQuery: ({ parts, query }) => {
    const parsed = parseHistoricalQuery(parts[0] ?? "", parts[1] ?? "", new URLSearchParams(query));
    return "status" in parsed ? undefined : parsed;
  },
  candles: exchange.candles,
  others: exchange.others,
  tokenOf: exchange.tokenOf,
  asked: ({ route, parts, query }) => {
    const parameters = new URLSearchParams(query);
    const [first = null, second = null] = parts;
    return {
      token: route === "historical" ? first : null,
      interval: route === "historical" ? second : null,
      exchange: route === "instruments" ? first : null,
      from: parameters.get("from"),
      to: parameters.get("to"),
    };
  },
  login: () => ({ accessToken: sessions.login(now()) }),
  killToken: () => {
    sessions.kill();
    return { accessToken: null };
  },
});
