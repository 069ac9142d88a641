import { Login } from "@candlewick/core";
import { type RenewalScenario, sourceContract, type SourceScenario } from "@candlewick/core/testing";
import {
  askFor,
  jsonReply,
  linesOf,
  type Loopback,
  type Reply,
  type Seen,
  serving,
  transportScenarios,
} from "@candlewick/vendor-http/testing";
import { Effect } from "effect";
import plugin from "./plugin.ts";
import { keptLogin, SECRETS, settingsFor } from "./testing/fixtures.ts";
import { writeMaster } from "./testing/masters.ts";
import {
  data,
  denied,
  good,
  guarded,
  isLogin,
  isMaster,
  listings,
  MINUTE,
  OPEN,
  paths,
  refused,
  rowAt,
  rows,
  tokens,
  tooMany,
} from "./testing/vendor.ts";

const asked = askFor("1594", "minute", { from: OPEN, to: OPEN + 60 * MINUTE });

const withoutTail = (request: Seen): Reply => {
  const { headers, body = "" } = data(request);
  return { ...(headers === undefined ? {} : { headers }), body: body.slice(0, body.length / 2) };
};

const answers: Readonly<Record<SourceScenario, (request: Seen) => Reply>> = {
  healthy: (request) => data(request),
  noCredentials: (request) => data(request),
  unauthorized: () => denied("AG8001", "Invalid Token"),
  rateLimited: () => tooMany,
  rateLimitedFor: () => ({ ...tooMany, headers: { "retry-after": "7" } }),
  ...transportScenarios(withoutTail),
  malformed: (request) =>
    isMaster(request)
      ? jsonReply(writeMaster(listings).replace('"symbol": ', '"symbol" '))
      : jsonReply('{"status":true,"message":"SUCCESS","errorcode":"","data":[[,]]}'),
  wrongShape: (request) =>
    isMaster(request) ? jsonReply([{ symbol: "INFY", series: "EQ" }]) : good({ bars: [{ t: 1 }] }),
  invalidRequest: () => refused("AB4006", "Invalid symboltoken"),
  emptyAnswer: (request) => isMaster(request) ? data(request) : good(null),
  badRows: (request) => data(request, true),
  outOfOrder: (request) => {
    if (isMaster(request)) return data(request);
    const series = [rowAt(OPEN - MINUTE), ...rows, rowAt(asked.to)].reverse();
    return good([series[0]!, series[0]!, ...series]);
  },
};

const NEXT = tokens(`Bearer ${SECRETS.nextJwt}`, SECRETS.nextRefresh);

/** The kept login is refused from the start. */
const renewals: Readonly<Record<RenewalScenario, (request: Seen) => Reply>> = {
  relogin: guarded(SECRETS.nextJwt, (request) => isLogin(request) ? NEXT : data(request)),
  lockedOut: guarded(
    SECRETS.nextJwt,
    (request) =>
      request.path === paths.renewal
        ? refused("AB8051", "Refresh Token Expired")
        : refused("AB1007", "Invalid credentials"),
  ),
};

/** Requests and rows as the contract counts them. */
const seenBy = (server: Loopback, bad = 0) => ({
  requests: () => linesOf(server.seen.filter((seen) => !isLogin(seen))),
  sent: { instruments: listings.length + bad, candles: rows.length + bad },
});

sourceContract({
  name: "angelone",
  plugin,
  offers: ["instruments", "candles"],
  exchange: "NSE",
  secrets: Object.values(SECRETS),
  candles: asked,
  start: Effect.fnUntraced(function* (scenario) {
    const server = yield* serving(guarded(SECRETS.jwt, answers[scenario]));
    const services = yield* plugin.make(
      settingsFor(server.root, {
        requestTimeout: scenario === "silent" ? 60_000 : 300,
        ...(scenario === "noCredentials" ? { pin: undefined } : {}),
      }),
      { login: Login.inMemory(keptLogin()) },
    );
    return { services, ...seenBy(server, scenario === "badRows" ? 2 : 0) };
  }),
  startRenewal: Effect.fnUntraced(function* (scenario) {
    const server = yield* serving(renewals[scenario]);
    const services = yield* plugin.make(settingsFor(server.root), { login: Login.inMemory(keptLogin()) });
    return { services, ...seenBy(server), logins: () => server.seen.filter(isLogin).length };
  }),
});
