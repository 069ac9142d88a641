import { PluginError } from "@candlewick/core";
import { Clock, Effect, Redacted, Stream } from "effect";
import * as FetchHttpClient from "effect/http/FetchHttpClient";
import * as HttpClient from "effect/http/HttpClient";
import type { HttpClientError } from "effect/http/HttpClientError";
import * as HttpClientRequest from "effect/http/HttpClientRequest";
import type { HttpClientResponse } from "effect/http/HttpClientResponse";
import { refusalOf } from "./envelope.ts";
import { classify, failed, LOG_IN } from "./errors.ts";
import { paced } from "./pace.ts";
import type { KiteSettings } from "./settings.ts";

export interface KiteRequest {
  /** What it is for, in errors: `instruments of NSE`. */
  readonly operation: string;
  /** Below the root, encoded: `/instruments/NSE`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** How a request is named in messages: no query, no secret. */
export const requestName = (request: Pick<KiteRequest, "path">): string => `GET ${request.path}`;

/**
 * Kite's HTTP API, raw: sends the credentials, waits no longer than allowed, and turns whatever is not a whole
 * answer with status 200 into a typed reason. No retry and no limit; those are the engine's.
 */
export interface KiteClient {
  /**
   * The body as it arrives, decompressed. Fails before its end when the connection breaks or the compressed
   * data is cut; a body cut inside well-formed HTTP ends like a whole one. Interruption aborts the request.
   */
  readonly bytes: (request: KiteRequest) => Stream.Stream<Uint8Array, PluginError.PluginError>;
  /** The whole body as text, valid UTF-8. */
  readonly text: (request: KiteRequest) => Effect.Effect<string, PluginError.PluginError>;
}

/** A body may take this many times the request timeout as a whole. */
const WHOLE_BODY = 10;

/** Of an error page no more is read than this many pieces, as they arrive. */
const MAX_ERROR_PIECES = 16;

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
  // A stray line break would make an invalid header, whose error would quote it.
  if (!CREDENTIAL.test(apiKey) || !CREDENTIAL.test(token)) {
    return refuse("the API key or the access token holds blanks or characters that no key has", LOG_IN);
  }
  return Effect.succeed(Redacted.make(`token ${apiKey}:${token}`));
};

/** No answer came at all. */
const unreachable = (name: string, error: HttpClientError): PluginError.Reason => {
  const cause = error.reason.cause;
  const why = cause instanceof Error ? cause.message : error.reason._tag;
  // The runtime withholds this host from the program: no number of tries changes that.
  return cause instanceof Error && cause.name === "NotCapable"
    ? new PluginError.Invalid({ message: `${name}: ${why}` })
    : new PluginError.Unavailable({ message: `${name}: no answer: ${why}` });
};

const text = (bytes: ReadonlyArray<Uint8Array>): string | undefined => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return bytes.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  } catch {
    return undefined;
  }
};

export const make = Effect.fnUntraced(function* (settings: KiteSettings) {
  // The vendor has no use for our trace ids, and a redirect would carry the request to a host nobody named.
  const http = HttpClient.transform(
    yield* HttpClient.HttpClient,
    (send) =>
      send.pipe(
        Effect.provideService(HttpClient.TracerPropagationEnabled, false),
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      ),
  );
  const stall = settings.requestTimeout;

  /** The body, under time limits; a failure to read it means that it is not whole. */
  const body = (
    name: string,
    response: HttpClientResponse,
  ): Stream.Stream<Uint8Array, PluginError.Reason> =>
    response.stream.pipe(
      Stream.mapError((error): PluginError.Reason => {
        const cause = error.reason.cause;
        const why = cause instanceof Error ? cause.message : "it is empty";
        return new PluginError.Corrupt({ message: `${name}: the answer is not whole: ${why}` });
      }),
      paced({ stall, total: WHOLE_BODY * stall }, (waited) =>
        new PluginError.Unavailable({ message: `${name}: the answer did not go on for ${waited} ms` })),
    );

  /** Sends the request; gives the response when its status is 200. */
  const send = Effect.fnUntraced(function* (request: KiteRequest) {
    const name = requestName(request);
    const credentials = yield* authorization(settings);
    const response = yield* http.execute(
      HttpClientRequest.get(`${settings.root}${request.path}`, {
        urlParams: request.query ?? {},
        headers: { "x-kite-version": "3", "authorization": Redacted.value(credentials) },
      }),
    ).pipe(
      Effect.mapError((error) => unreachable(name, error)),
      Effect.timeoutOrElse({
        duration: stall,
        orElse: () =>
          Effect.fail(new PluginError.Unavailable({ message: `${name}: no answer within ${stall} ms` })),
      }),
    );
    if (response.status === 200) return response;

    const page = yield* body(name, response).pipe(
      Stream.take(MAX_ERROR_PIECES),
      Stream.runCollect,
      Effect.orElseSucceed(() => []),
    );
    const refusal = refusalOf(
      { request: name, status: response.status, retryAfter: response.headers["retry-after"] },
      text(page) ?? "",
    );
    return yield* Effect.fail(classify(refusal, yield* Clock.currentTimeMillis));
  });

  const bytes: KiteClient["bytes"] = (request) =>
    Stream.unwrap(Effect.map(send(request), (response) => body(requestName(request), response))).pipe(
      Stream.mapError(failed(request.operation)),
    );

  const whole: KiteClient["text"] = Effect.fnUntraced(function* (request) {
    const pieces = yield* Stream.runCollect(bytes(request));
    const decoded = text(pieces);
    if (decoded !== undefined) return decoded;
    return yield* failed(request.operation)(
      new PluginError.Corrupt({ message: `${requestName(request)}: the answer is not UTF-8 text` }),
    );
  });

  const client: KiteClient = { bytes, text: whole };
  return client;
});
