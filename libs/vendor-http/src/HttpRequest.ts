import { PluginError } from "@candlewick/core";
import { Effect, Redacted } from "effect";
import * as HttpBody from "effect/http/HttpBody";
import * as HttpClientRequest from "effect/http/HttpClientRequest";

/** Text that may be a secret: a redacted value is sent as it is and shows in no message, log or span. */
export type MaybeSecret = string | Redacted.Redacted<string>;

/** One request. It is a POST when it has a body, or else a GET. */
export interface HttpRequest {
  /** Root and encoded path. */
  readonly url: string;
  readonly query?: Readonly<Record<string, MaybeSecret>>;
  readonly headers?: Readonly<Record<string, MaybeSecret>>;
  /** Sent as JSON. */
  readonly json?: Readonly<Record<string, MaybeSecret>>;
}

const methodOf = ({ json }: HttpRequest) => json === undefined ? "GET" as const : "POST" as const;

/** How a request is named in messages: `GET /user/profile`; no query, no secret. */
export const requestName = (request: HttpRequest): string =>
  `${methodOf(request)} ${new URL(request.url).pathname}`;

const exposed = (value: MaybeSecret): string => Redacted.isRedacted(value) ? Redacted.value(value) : value;

const allExposed = (values: Readonly<Record<string, MaybeSecret>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, exposed(value)]));

/** Shorter ones stand in messages by chance: a PIN of a digit, the words `Bearer` and `token`. */
const SHORTEST_SECRET = 4;
const SHORTEST_PART = 8;

/** Takes the secrets of a request out of a text: vendors quote what they refuse. */
export const withoutSecrets = (
  { headers = {}, json = {}, query = {} }: HttpRequest,
): (text: string) => string => {
  const secrets = [headers, json, query].flatMap((values) => Object.values(values))
    .flatMap((value) => Redacted.isRedacted(value) ? [exposed(value)] : [])
    // `Bearer <token>` is a secret, and so is the token.
    .flatMap((secret) => [secret, ...secret.split(/[ :]/).filter((part) => part.length >= SHORTEST_PART)])
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // Errors of the runtime quote addresses.
    .flatMap((
      secret,
    ) => [secret, encodeURIComponent(secret), new URLSearchParams({ "": secret }).toString().slice(1)])
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, "<secret>"), text);
};

const HEADER_VALUE = /^[\x20-\x7e]*$/;

/** The request as it is sent. A header that no server could take fails here: the client's error would quote it. */
export const toClientRequest = (
  request: HttpRequest,
): Effect.Effect<HttpClientRequest.HttpClientRequest, PluginError.Invalid> => {
  const { headers = {}, json, query = {}, url } = request;
  const values = allExposed(headers);
  const bad = Object.keys(values).find((name) => !HEADER_VALUE.test(values[name]!));
  if (bad !== undefined) {
    return Effect.fail(
      new PluginError.Invalid({
        message: `${requestName(request)}: the header ${bad} holds characters that no header may hold`,
      }),
    );
  }
  const options = { urlParams: allExposed(query), headers: values };
  if (json === undefined) return Effect.succeed(HttpClientRequest.get(url, options));
  // As bytes, which no inspection of a request prints as text.
  const body = HttpBody.raw(new TextEncoder().encode(JSON.stringify(allExposed(json))), {
    contentType: "application/json",
  });
  return Effect.succeed(HttpClientRequest.post(url, { ...options, body }));
};
