import { jsonReply, type Reply, type Seen } from "@candlewick/vendor-http/testing";
import { CLIENT_CODE, SECRETS } from "./fixtures.ts";
import { INFY, OPTION, writeMaster } from "./masters.ts";

export const MINUTE = 60_000;

/** When the candles of the pretended market begin. */
export const OPEN = Date.parse("2023-09-06T09:15:00+05:30");

export const paths = {
  login: "/rest/auth/angelbroking/user/v1/loginByPassword",
  renewal: "/rest/auth/angelbroking/jwt/v1/generateTokens",
  profile: "/rest/secure/angelbroking/user/v1/getProfile",
  candles: "/rest/secure/angelbroking/historical/v1/getCandleData",
  master: "/OpenAPI_File/files/OpenAPIScripMaster.json",
};

export const isMaster = ({ path }: Seen): boolean => path === paths.master;

export const isLogin = ({ path }: Pick<Seen, "path">): boolean =>
  path === paths.login || path === paths.renewal;

/** The envelope of an answer that is good. */
export const good = (data: unknown): Reply =>
  jsonReply({ status: true, message: "SUCCESS", errorcode: "", data });

/** The envelope of the API itself. */
export const refused = (errorcode: string, message: string, status = 200): Reply =>
  jsonReply({ status: false, message, errorcode, data: null }, status);

/** The envelope of what stands before it. */
export const denied = (errorCode: string, message: string, status = 200): Reply =>
  jsonReply({ success: false, message, errorCode, data: "" }, status);

/** What a breach of the limits brings. */
export const tooMany: Reply = {
  status: 403,
  headers: { "content-type": "text/plain" },
  body: "Access denied because of exceeding access rate",
};

export const tokens = (jwt: string, refresh: string): Reply =>
  good({ jwtToken: jwt, refreshToken: refresh, feedToken: "feed.of-the-session" });

export const listings = [
  INFY,
  { ...INFY, token: "500209", symbol: "INFY", exch_seg: "BSE", tick_size: "5.000000" },
  {
    ...INFY,
    token: "99926000",
    symbol: "Nifty 50",
    name: "NIFTY",
    strike: "0.000000",
    instrumenttype: "AMXIDX",
  },
  OPTION,
];

export const badListings = [{ ...INFY, token: "" }, { ...OPTION, strike: "much" }];

export type Row = ReadonlyArray<string | number>;

const stampOf = (ts: number): string => `${new Date(ts + 330 * MINUTE).toISOString().slice(0, 19)}+05:30`;

export const rowAt = (ts: number, low = 19_534.4): Row => [
  stampOf(ts),
  19_571.2,
  19_573.35,
  low,
  19_552.05,
  17,
];

export const rows = Array.from({ length: 10 }, (_, at) => rowAt(OPEN + at * MINUTE));

export const badRows: ReadonlyArray<Row> = [rowAt(OPEN + 20 * MINUTE, 99_999), [
  "no time",
  1,
  1,
  1,
  1,
  1,
]];

/** As the vendor chooses candles: whole minutes in India, both bounds inclusive. */
const inSpan = ({ body }: Seen) => {
  const { fromdate, todate } = JSON.parse(body) as Readonly<Record<string, string>>;
  const bound = (text: string | undefined) => Date.parse(`${text!.replace(" ", "T")}:00+05:30`);
  return (row: Row): boolean => {
    const ts = Date.parse(String(row[0]));
    return Number.isNaN(ts) || (ts >= bound(fromdate) && ts <= bound(todate));
  };
};

/** What the vendor answers when all is well, with these bad rows among its own. */
export const data = (request: Seen, isBad = false): Reply => {
  switch (request.path) {
    case paths.profile:
      return good({ clientcode: CLIENT_CODE, name: "A. USER", exchanges: ["nse_cm"] });
    case paths.candles:
      return good([...rows, ...(isBad ? badRows : [])].filter(inSpan(request)));
    case paths.master:
      return jsonReply(writeMaster([...listings, ...(isBad ? badListings : [])]));
    default:
      return { status: 404 };
  }
};

/** Lets a request to the secured part in that carries the web token. */
export const guarded = (jwt: string, answer: (request: Seen) => Reply) => (request: Seen): Reply =>
  request.path.startsWith("/rest/secure/") &&
    (request.headers["authorization"] !== `Bearer ${jwt}` ||
      request.headers["x-privatekey"] !== SECRETS.apiKey)
    ? denied("AG8001", "Invalid Token")
    : answer(request);
