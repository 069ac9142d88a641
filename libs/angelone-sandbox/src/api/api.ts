import {
  type Answer,
  answer,
  type ApiCall,
  dumpAnswer,
  type LocalSeconds,
} from "@candlewick/pretend-exchange";
import type { Exchange } from "../exchange/exchange.ts";
import { refusal, turnedAway } from "./answer.ts";
import { readBody } from "./body.ts";
import { parseCandleQuery } from "./candle-query.ts";
import { methodsOf, parametersOf, routeOf } from "./route.ts";
import type { Sessions } from "./sessions.ts";

/** Headers that every request but the one for the scrip master must have, whatever they say (vendor documentation). */
const HEADERS = ["x-usertype", "x-sourceid", "x-clientlocalip", "x-clientpublicip", "x-macaddress"] as const;

export interface ApiOptions {
  readonly exchange: Exchange;
  readonly sessions: Sessions;
  /** Seconds since the epoch by the clients' own clock. */
  readonly clientSeconds: () => number;
}

/** Angel One's HTTP API over an exchange and its sessions: from a request to the answer, no network in it. */
export const makeApi = ({ exchange, sessions, clientSeconds }: ApiOptions) => {
  const candles = (call: ApiCall, now: LocalSeconds): Answer => {
    const parameters = new URLSearchParams(parametersOf(call));
    const parsed = parseCandleQuery(parameters, (key) => exchange.tokenOf(key, now));
    return "status" in parsed ? parsed : exchange.candles(parsed, now);
  };

  return (call: ApiCall, now: LocalSeconds): Answer => {
    const { path, method, headers } = call;
    const { name } = routeOf(path, "");
    if (name === "unknown") return answer(404, "text/html", "<html><body>Not Found</body></html>");
    if (!methodsOf(path).includes(method)) return refusal("AB1004", "Method not allowed", 405);
    if (name === "instruments") {
      return dumpAnswer(exchange.master(now), "application/json", headers["accept-encoding"]);
    }
    if (headers["x-privatekey"] !== sessions.account.apiKey) return turnedAway("AG8004", "Invalid API Key");
    const missing = HEADERS.find((header) => !headers[header]);
    if (missing !== undefined) return refusal("AB1004", `Missing header ${missing}`);
    const fields = readBody(call.body === "" ? "{}" : call.body);
    if (fields === undefined) return refusal("AB1004", "The body is not JSON", 400);
    if (name === "login") return sessions.loginByPassword(fields, clientSeconds(), now);
    if (name === "session") return sessions.renew(fields["refreshToken"], now);
    const refused = sessions.authorize(headers["authorization"], now);
    if (refused !== undefined) return refused;
    if (name === "historical") return candles(call, now);
    return sessions.profile(
      fields["refreshToken"] ?? new URLSearchParams(call.query).get("refreshToken") ?? undefined,
    );
  };
};
