import { parseStamp } from "@candlewick/vendor-http";
import {
  askFor,
  jsonReply,
  linesOf,
  type Reply,
  type Seen,
  serving,
  transportScenarios,
} from "@candlewick/vendor-http/testing";
import { noContext, sourceContract, type SourceScenario } from "@candlewick/core/testing";
import { Effect } from "effect";
import { gzipSync } from "node:zlib";
import plugin from "./plugin.ts";
import { formatStamp } from "./stamp.ts";
import { INFY, writeDump } from "./testing/dumps.ts";
import { SECRETS, settingsFor } from "./testing/fixtures.ts";
import { csvReply, errorReply } from "./testing/replies.ts";

const MINUTE = 60_000;
const OPEN = Date.parse("2023-04-17T09:15:00+05:30");

const asked = askFor(INFY.instrument_token, "minute", { from: OPEN, to: OPEN + 60 * MINUTE });

const listings = [
  INFY,
  { ...INFY, instrument_token: "779521", tradingsymbol: "SBIN", name: "STATE BANK OF INDIA" },
  { ...INFY, instrument_token: "128028676", tradingsymbol: "RELIANCE", segment: "BSE", exchange: "BSE" },
  {
    ...INFY,
    instrument_token: "14866434",
    tradingsymbol: "NIFTY26AUGFUT",
    expiry: "2026-08-25",
    instrument_type: "FUT",
    segment: "NFO-FUT",
    exchange: "NFO",
  },
];

const badListings = [{ ...INFY, instrument_token: "" }, { ...INFY, strike: "much" }];

type Row = ReadonlyArray<string | number>;

const rowAt = (ts: number, low = 2_550.15): Row => [
  `${formatStamp(ts).replace(" ", "T")}+0530`,
  2_573,
  2_573.5,
  low,
  2_555.25,
  29_689,
  0,
];

const rows = Array.from({ length: 10 }, (_, at) => rowAt(OPEN + at * MINUTE));

const badRows = [rowAt(OPEN + 20 * MINUTE, 9_999), ["17 April", 1, 1, 1, 1, 1]];

/** As the vendor chooses candles: whole seconds in India, both bounds inclusive. */
const inSpan = ({ query }: Seen) => (row: Row): boolean => {
  const ts = parseStamp(row[0]);
  const bound = (name: string) => parseStamp(`${query.get(name)}+0530`);
  return Number.isNaN(ts) || (ts >= bound("from") && ts <= bound("to"));
};

const candlesOf = (candles: ReadonlyArray<Row>): Reply => jsonReply({ status: "success", data: { candles } });

/** What the vendor answers when all is well, with these rows among its own. */
const data = (request: Seen, isBad: boolean): Reply => {
  if (request.path === "/user/profile") return jsonReply({ status: "success", data: { user_id: "XX0000" } });
  if (request.path.startsWith("/instruments/historical/")) {
    return candlesOf([...rows, ...(isBad ? badRows : [])].filter(inSpan(request)));
  }
  const exchange = /^\/instruments\/(.+)$/.exec(request.path)?.[1];
  return csvReply(writeDump(
    [...listings, ...(isBad ? badListings : [])].filter((row) =>
      exchange === undefined || row.exchange === exchange
    ),
  ));
};

const isDump = ({ path }: Seen): boolean => path.startsWith("/instruments") && !path.includes("historical");

const withoutTail = (request: Seen): Reply => {
  const { headers, body = "" } = data(request, false);
  return isDump(request)
    ? { headers: { "content-type": "text/csv" }, body: writeDump(listings).slice(0, -20) }
    : { ...(headers === undefined ? {} : { headers }), body: body.slice(0, body.length / 2) };
};

const answers: Readonly<Record<SourceScenario, (request: Seen) => Reply>> = {
  healthy: (request) => data(request, false),
  noCredentials: (request) => data(request, false),
  unauthorized: () => errorReply(403, "TokenException", "Incorrect `api_key` or `access_token`."),
  rateLimited: () => errorReply(429, "NetworkException", "Too many requests"),
  rateLimitedFor: () => ({ status: 429, headers: { "retry-after": "7" }, body: "Too many requests" }),
  ...transportScenarios(withoutTail),
  malformed: (request) =>
    isDump(request)
      ? { headers: { "content-encoding": "gzip" }, body: gzipSync(writeDump(listings)).fill(0, 40, 60) }
      : jsonReply('{"status":"success","data":{"candles":[[,]]}}'),
  wrongShape: (request) =>
    isDump(request)
      ? csvReply("symbol,series,open\nINFY,EQ,1\n")
      : jsonReply({ status: "success", data: { bars: [{ t: 1 }] } }),
  invalidRequest: () => errorReply(400, "InputException", "invalid token"),
  emptyAnswer: (request) => isDump(request) ? data(request, false) : candlesOf([]),
  badRows: (request) => data(request, true),
  outOfOrder: () => {
    const series = [rowAt(OPEN - MINUTE), ...rows, rowAt(asked.to)].reverse();
    return candlesOf([series[0]!, series[0]!, ...series]);
  },
};

sourceContract({
  name: "kite",
  plugin,
  offers: ["instruments", "candles"],
  exchange: "NSE",
  secrets: Object.values(SECRETS),
  candles: asked,
  start: Effect.fnUntraced(function* (scenario) {
    const server = yield* serving(answers[scenario]);
    const services = yield* plugin.make(
      settingsFor(server.root, {
        requestTimeout: scenario === "silent" ? 60_000 : 300,
        ...(scenario === "noCredentials" ? { accessToken: undefined } : {}),
      }),
      noContext,
    );
    const bad = scenario === "badRows" ? 2 : 0;
    return {
      services,
      requests: () => linesOf(server.seen),
      sent: { instruments: listings.length + bad, candles: rows.length + bad },
    };
  }),
});
