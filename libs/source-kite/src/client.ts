import { PluginError } from "@candlewick/core";
import { Http, type HttpRequest, requestName } from "@candlewick/vendor-http";
import { Effect, Redacted, Stream } from "effect";
import { refusalOf } from "./envelope.ts";
import { classify, failed, LOG_IN } from "./errors.ts";
import type { KiteSettings } from "./settings.ts";

export interface KiteRequest {
  /** What it is for, in errors: `instruments of NSE`. */
  readonly operation: string;
  /** Below the root, encoded: `/instruments/NSE`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Kite's HTTP API, raw: what the vendor answers to the credentials, or a typed reason. */
export interface KiteClient {
  /** How a request is named in messages: no query, no secret. */
  readonly nameOf: (request: KiteRequest) => string;
  /** The body as it arrives; see `Http.bytes`. */
  readonly bytes: (request: KiteRequest) => Stream.Stream<Uint8Array, PluginError.PluginError>;
  /** The whole body as text. */
  readonly text: (request: KiteRequest) => Effect.Effect<string, PluginError.PluginError>;
}

const CREDENTIAL = /^[\x21-\x7e]+$/;

/** The value of `Authorization`; refused here when no request could be accepted, so that none is sent. */
const authorization = (
  settings: KiteSettings,
): Effect.Effect<Redacted.Redacted<string>, PluginError.Unauthorized> => {
  const { apiKey, accessToken } = settings;
  const refuse = (message: string, hint: string) =>
    Effect.fail(new PluginError.Unauthorized({ message, hint }));
  if (apiKey === undefined) {
    return refuse("no API key is set", "set KITE_API_KEY to the key of your Kite Connect app, then log in");
  }
  if (accessToken === undefined) return refuse("there is no access token", LOG_IN);
  const token = Redacted.value(accessToken);
  if (!CREDENTIAL.test(apiKey) || !CREDENTIAL.test(token)) {
    return refuse("the API key or the access token holds blanks or characters that no key has", LOG_IN);
  }
  return Effect.succeed(Redacted.make(`token ${apiKey}:${token}`));
};

export const make = Effect.fnUntraced(function* (settings: KiteSettings) {
  const http = yield* Http.make({
    requestTimeout: settings.requestTimeout,
    classify: (refused) => classify(refusalOf(refused, refused.body)),
  });

  const address = ({ path, query }: KiteRequest): HttpRequest => ({
    url: `${settings.root}${path}`,
    ...(query === undefined ? {} : { query }),
  });

  const withCredentials = (request: KiteRequest) =>
    Effect.map(authorization(settings), (credentials): HttpRequest => ({
      ...address(request),
      headers: { "x-kite-version": "3", "authorization": credentials },
    }));

  const client: KiteClient = {
    nameOf: (request) => requestName(address(request)),
    bytes: (request) =>
      Stream.unwrap(Effect.map(withCredentials(request), http.bytes)).pipe(
        Stream.mapError(failed(request.operation)),
      ),
    text: (request) =>
      Effect.mapError(Effect.flatMap(withCredentials(request), http.text), failed(request.operation)),
  };
  return client;
});
