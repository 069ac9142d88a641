import {
  type Answer,
  answer,
  type ApiCall,
  dumpAnswer,
  type LocalSeconds,
} from "@candlewick/pretend-exchange";
import { badInput, refusal } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { parseHistoricalQuery } from "./historical-query.ts";
import { routeOf } from "./route.ts";
import type { Sessions } from "./sessions.ts";

/** Kite's HTTP API over an exchange and its sessions: from a request to the answer, no network in it. */
export interface Api {
  readonly answer: (call: ApiCall, now: LocalSeconds) => Answer;
}

const redirect = (location: string): Answer => ({
  status: 302,
  headers: { location },
  body: new Uint8Array(0),
});

/**
 * @param redirectUrl where the browser login leads, as registered with the vendor for an api key. Without one
 * the login answers with a page that shows the request token.
 */
export const makeApi = (exchange: Exchange, sessions: Sessions, redirectUrl: string | undefined): Api => {
  const login = (parameters: URLSearchParams, now: LocalSeconds): Answer => {
    if (parameters.get("api_key") !== sessions.apiKey) return badInput("Invalid `api_key`.");
    if (parameters.get("v") !== "3") return badInput("Invalid `v`.");
    const requestToken = sessions.issueRequestToken(now);
    if (redirectUrl === undefined) {
      return answer(
        200,
        "text/html",
        `<!doctype html><title>Sandbox login</title>request_token=${requestToken}\n`,
      );
    }
    const target = new URL(redirectUrl);
    for (const [name, value] of new URLSearchParams(parameters.get("redirect_params") ?? "")) {
      target.searchParams.set(name, value);
    }
    target.searchParams.set("action", "login");
    target.searchParams.set("type", "login");
    target.searchParams.set("status", "success");
    target.searchParams.set("request_token", requestToken);
    return redirect(target.href);
  };

  const instruments = (of: string | undefined, call: ApiCall, now: LocalSeconds): Answer => {
    const dump = exchange.dump(of, now);
    return dump === undefined
      ? badInput("Invalid `exchange`.")
      : dumpAnswer(dump, "text/csv", call.headers["accept-encoding"]);
  };

  const historical = (parts: ReadonlyArray<string>, query: string, now: LocalSeconds): Answer => {
    const parsed = parseHistoricalQuery(parts[0] ?? "", parts[1] ?? "", new URLSearchParams(query));
    return "status" in parsed ? parsed : exchange.candles(parsed, now);
  };

  return {
    answer: (call, now) => {
      const { name, methods, parts } = routeOf(call.path);
      if (name === "unknown") return refusal(404, "GeneralException", "Route not found");
      if (!methods.includes(call.method)) return refusal(405, "GeneralException", "Method not allowed");
      if (name === "login") return login(new URLSearchParams(call.query), now);
      if (call.headers["x-kite-version"] !== "3") {
        return badInput("Invalid or missing `X-Kite-Version` header, expected 3.");
      }
      if (name === "session") {
        return call.method === "POST"
          ? sessions.create(new URLSearchParams(call.body), now)
          : sessions.invalidate(new URLSearchParams(call.query || call.body), now);
      }
      const refused = sessions.authorize(call.headers["authorization"], now);
      if (refused !== undefined) return refused;
      if (name === "profile") return sessions.profile();
      return name === "instruments" ? instruments(parts[0], call, now) : historical(parts, call.query, now);
    },
  };
};
