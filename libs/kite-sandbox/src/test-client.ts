import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";

/** Epoch milliseconds of a time in India. */
export const ist = (date: string, time = "12:00:00"): number => Date.parse(`${date}T${time}+05:30`);

/** A sandbox at noon of a trading day, Friday 2026-11-20, on the test's clock. */
export const started = (options: SandboxOptions = {}) =>
  Effect.andThen(TestClock.setTime(ist("2026-11-20")), makeSandbox(options));

/** What came back, seen as a plain HTTP client sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `error_type` and `message` of Kite's error envelope, empty without one. */
  readonly error: string;
}

export interface Ask {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
}

/** Sends a request as a client of the sandbox would; network faults fail the effect. */
export const ask = (sandbox: Sandbox, path: string, { method = "GET", token, headers, body }: Ask = {}) =>
  Effect.tryPromise(async (signal): Promise<Seen> => {
    const response = await fetch(sandbox.url + path, {
      method,
      redirect: "manual",
      signal,
      headers: {
        "x-kite-version": "3",
        authorization: `token ${sandbox.apiKey}:${token ?? sandbox.accessToken}`,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const isError = text.startsWith('{"status":"error"');
    const envelope = isError ? JSON.parse(text) : {};
    return {
      status: response.status,
      headers: response.headers,
      text,
      error: isError ? `${envelope.error_type}: ${envelope.message}` : "",
    };
  });

/** Candle rows of a successful answer. */
export const rowsOf = (seen: Seen): ReadonlyArray<ReadonlyArray<string | number>> =>
  JSON.parse(seen.text).data.candles;
