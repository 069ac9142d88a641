import { atNoon, type Seen, send } from "@candlewick/pretend-exchange/testing";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";

/** A sandbox at noon of a trading day, on the test's clock. */
export const started = (options: SandboxOptions = {}) => atNoon(makeSandbox(options));

export interface Ask {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** `error_type` and `message` of Kite's error envelope, empty without one. */
const errorIn = (text: string): string => {
  if (!text.startsWith('{"status":"error"')) return "";
  const { error_type, message } = JSON.parse(text);
  return `${error_type}: ${message}`;
};

/** Sends a request as a client of the sandbox would; network faults fail the effect. */
export const ask = (sandbox: Sandbox, path: string, { method = "GET", token, headers, body }: Ask = {}) =>
  send(sandbox.url + path, {
    method,
    redirect: "manual",
    headers: {
      "x-kite-version": "3",
      authorization: `token ${sandbox.apiKey}:${token ?? sandbox.accessToken}`,
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  }, errorIn);

/** Candle rows of a successful answer. */
export const rowsOf = (seen: Seen): ReadonlyArray<ReadonlyArray<string | number>> =>
  JSON.parse(seen.text).data.candles;
