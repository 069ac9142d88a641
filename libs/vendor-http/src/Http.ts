import { PluginError } from "@candlewick/core";
import { Clock, Effect, Stream } from "effect";
import * as FetchHttpClient from "effect/http/FetchHttpClient";
import * as HttpClient from "effect/http/HttpClient";
import type { HttpClientError } from "effect/http/HttpClientError";
import type { HttpClientResponse } from "effect/http/HttpClientResponse";
import { type HttpRequest, requestName, toClientRequest, withoutSecrets } from "./HttpRequest.ts";
import { paced } from "./pace.ts";
import { type Refused, retryAfterMillis } from "./Refused.ts";

/**
 * A vendor's HTTP API, raw: waits no longer than allowed, and turns whatever is not a whole answer with status 200
 * into a typed reason. One call is one request: no retry and no limit, those are the engine's.
 */
export interface Http {
  /**
   * The body as it arrives, decompressed. Fails before its end when the connection breaks or the compressed
   * data is cut; a body cut inside well-formed HTTP ends like a whole one. Interruption aborts the request.
   */
  readonly bytes: (request: HttpRequest) => Stream.Stream<Uint8Array, PluginError.Reason>;
  /** The whole body as text, valid UTF-8. */
  readonly text: (request: HttpRequest) => Effect.Effect<string, PluginError.Reason>;
}

export interface HttpOptions {
  /** Longest wait for an answer to begin, and then for each next piece of it, milliseconds. */
  readonly requestTimeout: number;
  /** What an answer with another status than 200 means; `byStatus` where the vendor keeps to HTTP. */
  readonly classify: (refused: Refused) => PluginError.Reason;
}

/** A body may take this many times the request timeout as a whole. */
const WHOLE_BODY = 10;

/** Of an error page no more is read than this many pieces, as they arrive. */
const MAX_ERROR_PIECES = 16;

/** No answer came at all. */
const unreachable = (request: HttpRequest, error: HttpClientError): PluginError.Reason => {
  const name = requestName(request);
  const cause = error.reason.cause;
  const why = withoutSecrets(request)(cause instanceof Error ? cause.message : error.reason._tag);
  // The runtime withholds this host from the program: no number of tries changes that.
  return cause instanceof Error && cause.name === "NotCapable"
    ? new PluginError.Invalid({ message: `${name}: ${why}` })
    : new PluginError.Unavailable({ message: `${name}: no answer: ${why}` });
};

const decode = (pieces: ReadonlyArray<Uint8Array>): string | undefined => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  } catch {
    return undefined;
  }
};

/** Over the runtime's `fetch`. */
export const make = Effect.fnUntraced(function* ({ classify, requestTimeout: stall }: HttpOptions) {
  // The client's own spans hold the request with its headers and body, and would send our trace ids to a vendor
  // who has no use for them; a redirect would carry the request to a host nobody named.
  const client = HttpClient.transform(
    yield* HttpClient.HttpClient,
    (send) =>
      send.pipe(
        Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      ),
  );

  /** The body, under time limits; a failure to read it means that it is not whole. */
  const body = (
    request: HttpRequest,
    response: HttpClientResponse,
  ): Stream.Stream<Uint8Array, PluginError.Reason> => {
    const name = requestName(request);
    return response.stream.pipe(
      Stream.mapError((error): PluginError.Reason => {
        const cause = error.reason.cause;
        const why = cause instanceof Error ? withoutSecrets(request)(cause.message) : "it is empty";
        return new PluginError.Corrupt({ message: `${name}: the answer is not whole: ${why}` });
      }),
      paced(
        { stall, total: WHOLE_BODY * stall },
        (waited) =>
          new PluginError.Unavailable({ message: `${name}: the answer did not go on for ${waited} ms` }),
      ),
    );
  };

  /** Sends the request; gives the response when its status is 200. */
  const send = Effect.fnUntraced(function* (request: HttpRequest) {
    const name = requestName(request);
    // A span holds its result, and a response its request with all headers: the span gets to see a function only.
    const received = yield* client.execute(yield* toClientRequest(request)).pipe(
      Effect.mapError((error) => unreachable(request, error)),
      Effect.timeoutOrElse({
        duration: stall,
        orElse: () =>
          Effect.fail(new PluginError.Unavailable({ message: `${name}: no answer within ${stall} ms` })),
      }),
      Effect.tap(({ status }) => Effect.annotateCurrentSpan("http.response.status_code", status)),
      Effect.map((response) => () => response),
      Effect.withSpan(name, { kind: "client", attributes: { "server.address": new URL(request.url).host } }),
    );
    const response = received();
    if (response.status === 200) return response;

    const page = yield* body(request, response).pipe(
      Stream.take(MAX_ERROR_PIECES),
      Stream.runCollect,
      Effect.orElseSucceed(() => []),
    );
    const { headers, status } = response;
    return yield* Effect.fail(classify({
      request: name,
      status,
      headers,
      body: withoutSecrets(request)(decode(page) ?? ""),
      retryAfter: retryAfterMillis(headers["retry-after"], yield* Clock.currentTimeMillis),
    }));
  });

  const bytes: Http["bytes"] = (request) =>
    Stream.unwrap(Effect.map(send(request), (response) => body(request, response)));

  const text: Http["text"] = Effect.fnUntraced(function* (request) {
    const decoded = decode(yield* Stream.runCollect(bytes(request)));
    if (decoded !== undefined) return decoded;
    return yield* Effect.fail(
      new PluginError.Corrupt({ message: `${requestName(request)}: the answer is not UTF-8 text` }),
    );
  });

  const http: Http = { bytes, text };
  return http;
}, Effect.provide(FetchHttpClient.layer));
