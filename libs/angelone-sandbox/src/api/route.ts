import type { ApiCall, Route, RouteName } from "@candlewick/pretend-exchange";
import { readBody } from "./body.ts";
import { intervalNamed } from "./intervals.ts";

const ROUTES: Readonly<
  Record<string, { readonly name: RouteName; readonly methods: ReadonlyArray<string> }>
> = {
  "/OpenAPI_File/files/OpenAPIScripMaster.json": { name: "instruments", methods: ["GET"] },
  "/rest/auth/angelbroking/user/v1/loginByPassword": { name: "login", methods: ["POST"] },
  "/rest/auth/angelbroking/jwt/v1/generateTokens": { name: "session", methods: ["POST"] },
  "/rest/secure/angelbroking/user/v1/getProfile": { name: "profile", methods: ["GET", "POST"] },
  "/rest/secure/angelbroking/historical/v1/getCandleData": { name: "historical", methods: ["POST"] },
};

const UNKNOWN = { name: "unknown", methods: [] } as const;

const ofPath = (path: string) => Object.hasOwn(ROUTES, path) ? ROUTES[path] ?? UNKNOWN : UNKNOWN;

/** The methods a path takes. */
export const methodsOf = (path: string): ReadonlyArray<string> => ofPath(path).methods;

const CANDLE_FIELDS = ["exchange", "symboltoken", "interval", "fromdate", "todate"] as const;

/** What a request for candles asks for, from its body; of other requests nothing, their bodies hold secrets. */
export const parametersOf = ({ path, body }: ApiCall): string => {
  if (ofPath(path).name !== "historical") return "";
  const fields = readBody(body) ?? {};
  const asked = CANDLE_FIELDS.flatMap((name) => fields[name] === undefined ? [] : [[name, fields[name]]]);
  return new URLSearchParams(asked).toString();
};

/**
 * Which route a request belongs to. The parts of one for candles are `NSE:1594`, for a token is unique within
 * its exchange only, and the interval as fault scripts name it.
 */
export const routeOf = (path: string, parameters: string): Route => {
  const { name } = ofPath(path);
  if (name !== "historical") return { name, parts: [] };
  const asked = new URLSearchParams(parameters);
  const interval = asked.get("interval") ?? "";
  return {
    name,
    parts: [
      `${asked.get("exchange") ?? ""}:${asked.get("symboltoken") ?? ""}`,
      intervalNamed(interval)?.interval ?? interval,
    ],
  };
};
