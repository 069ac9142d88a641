import { atNoon, type Seen, send } from "@candlewick/pretend-exchange/testing";
import { Effect } from "effect";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";

export const MASTER = "/OpenAPI_File/files/OpenAPIScripMaster.json";
export const LOGIN = "/rest/auth/angelbroking/user/v1/loginByPassword";
export const RENEW = "/rest/auth/angelbroking/jwt/v1/generateTokens";
export const PROFILE = "/rest/secure/angelbroking/user/v1/getProfile";
export const CANDLES = "/rest/secure/angelbroking/historical/v1/getCandleData";

/** A sandbox at noon of a trading day, on the test's clock. */
export const started = (options: SandboxOptions = {}) => atNoon(makeSandbox(options));

export interface Ask {
  readonly method?: string;
  /** In place of the session the sandbox began with; empty for none. */
  readonly jwt?: string;
  /** Undefined takes a header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** The headers every request has. */
export const headersFor = (sandbox: Sandbox, jwt = sandbox.tokens.jwtToken): Record<string, string> => ({
  "content-type": "application/json",
  accept: "application/json",
  "x-privatekey": sandbox.apiKey,
  "x-usertype": "USER",
  "x-sourceid": "WEB",
  "x-clientlocalip": "127.0.0.1",
  "x-clientpublicip": "127.0.0.1",
  "x-macaddress": "00:00:00:00:00:00",
  ...(jwt === "" ? {} : { authorization: `Bearer ${jwt}` }),
});

/** Code and message of either error envelope; empty for a good answer. */
const errorIn = (text: string): string => {
  const [, envelope = ""] = /^(\{"(?:status|success)":false,.*\})$/s.exec(text) ?? [];
  if (envelope === "") return "";
  const { errorcode, errorCode, message } = JSON.parse(envelope);
  return `${errorcode ?? errorCode}: ${message}`;
};

/** Sends a request as a client of the sandbox would; network faults fail the effect. */
export const ask = (sandbox: Sandbox, path: string, { method = "POST", jwt, headers, body }: Ask = {}) => {
  const all = Object.entries({ ...headersFor(sandbox, jwt), ...headers });
  return send(sandbox.url + path, {
    method,
    headers: Object.fromEntries(all.flatMap(([name, value]) => value === undefined ? [] : [[name, value]])),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  }, errorIn);
};

export interface CandleAsk {
  readonly exchange: string;
  readonly symboltoken: string;
  readonly interval: string;
  readonly fromdate: string;
  readonly todate: string;
}

export type Row = readonly [
  stamp: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

export const askCandles = (sandbox: Sandbox, body: Partial<CandleAsk>, more: Ask = {}) =>
  ask(sandbox, CANDLES, { ...more, body });

/** Candle rows of a good answer; `null` is none. */
export const rowsOf = (seen: Seen): ReadonlyArray<Row> => JSON.parse(seen.text).data ?? [];

export interface ScripRow {
  readonly token: string;
  readonly symbol: string;
  readonly name: string;
  readonly expiry: string;
  readonly strike: string;
  readonly lotsize: string;
  readonly instrumenttype: string;
  readonly exch_seg: string;
  readonly tick_size: string;
}

export const master = (sandbox: Sandbox) =>
  Effect.map(
    ask(sandbox, MASTER, { method: "GET" }),
    ({ text }): ReadonlyArray<ScripRow> => JSON.parse(text),
  );
