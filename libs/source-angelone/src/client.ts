import { PluginError } from "@candlewick/core";
import {
  Http,
  type HttpRequest,
  type MaybeSecret,
  requestName,
  withoutSecrets,
} from "@candlewick/vendor-http";
import { Effect, Redacted, type Stream } from "effect";
import { dataOf, refusalOf, type Taking } from "./envelope.ts";
import { classify, classifyLogin, classifyMaster } from "./errors.ts";
import type { AngelOneSettings } from "./settings.ts";

export interface ApiRequest {
  /** Below the root: `/rest/secure/...`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, MaybeSecret>>;
  /** Makes it a POST. */
  readonly json?: Readonly<Record<string, MaybeSecret>>;
  /** The JSON web token of a login, where one is needed. */
  readonly token?: Redacted.Redacted<string>;
  /** It is a login: the answer holds tokens, and refusals count for more. */
  readonly isLogin?: boolean;
}

/** SmartAPI over HTTP, raw: the `data` of an answer, or a typed reason. One call is one request. */
export interface AngelOneClient {
  readonly data: (request: ApiRequest) => Effect.Effect<unknown, PluginError.Reason>;
  /** How a request is named in messages: no query, no secret. */
  readonly nameOf: (request: ApiRequest) => string;
  /** The scrip master as it arrives. */
  readonly master: Stream.Stream<Uint8Array, PluginError.Reason>;
  readonly masterName: string;
}

const MASTER = "/OpenAPI_File/files/OpenAPIScripMaster.json";

export const make = Effect.fnUntraced(function* (settings: AngelOneSettings) {
  const httpOf = (classify: Taking["classify"]) =>
    Http.make({
      requestTimeout: settings.requestTimeout,
      classify: (refused) => classify(refusalOf(refused, refused.body)),
    });
  const calls = yield* httpOf(classify);
  const logins = yield* httpOf(classifyLogin);
  const masters = yield* httpOf(classifyMaster);

  const toHttp = ({ json, path, query, token }: ApiRequest): HttpRequest => ({
    url: `${settings.root}${path}`,
    ...(query === undefined ? {} : { query }),
    ...(json === undefined ? {} : { json }),
    headers: {
      "accept": "application/json",
      "x-usertype": "USER",
      "x-sourceid": "WEB",
      "x-clientlocalip": settings.localIp,
      "x-clientpublicip": settings.publicIp,
      "x-macaddress": settings.macAddress,
      ...(settings.apiKey === undefined ? {} : { "x-privatekey": settings.apiKey }),
      ...(token === undefined ? {} : { authorization: Redacted.make(`Bearer ${Redacted.value(token)}`) }),
    },
  });

  const master: HttpRequest = { url: `${settings.masterRoot}${MASTER}` };

  const client: AngelOneClient = {
    nameOf: (request) => requestName(toHttp(request)),
    data: Effect.fnUntraced(function* (request) {
      const sent = toHttp(request);
      const [http, taking] = request.isLogin === true
        ? [logins, { classify: classifyLogin, isSecret: true }] as const
        : [calls, { classify, isSecret: false }] as const;
      const body = yield* http.text(sent);
      return yield* Effect.fromResult(
        dataOf(requestName(sent), body, { ...taking, conceal: withoutSecrets(sent) }),
      );
    }),
    master: masters.bytes(master),
    masterName: requestName(master),
  };
  return client;
});
