import { MarketTime, type Plugin, PluginError } from "@candlewick/core";
import { Clock, Effect, Redacted, Schema } from "effect";
import type { Connect } from "kiteconnect";
import process from "node:process";
import { classify, failed, LOG_IN } from "./errors.ts";
import type { KiteSettings, settings } from "./settings.ts";
import { ZONE } from "./stamp.ts";

const OPERATION = "log in";

const MISSING_APP = "create an app at https://developers.kite.trade and set KITE_API_KEY and KITE_API_SECRET";

type KiteConnectModule = typeof import("kiteconnect");

let loading: Promise<KiteConnectModule> | undefined;

/**
 * The vendor's npm client, loaded when somebody logs in and never for a fetch: it takes longer to load than the
 * rest of this package, and is not to be trusted with bulk data.
 *
 * One of its dependencies lists the whole environment while it loads, which a program that may read only its
 * own variables is refused. It finds nothing it needs there, so it is shown an empty one.
 */
const load = (): Promise<KiteConnectModule> => {
  if (loading === undefined) {
    const environment = process.env;
    process.env = {};
    loading = import("kiteconnect").finally(() => {
      process.env = environment;
    });
  }
  return loading;
};

/** What the types of kiteconnect leave out: the axios instance it sends with. */
interface Transport {
  readonly requestInstance: { readonly defaults: { adapter?: string } };
}

const connect = Effect.fnUntraced(function* (settings: KiteSettings) {
  const { apiKey } = settings;
  if (apiKey === undefined) {
    return yield* failed(OPERATION)(
      new PluginError.Unauthorized({ message: "no API key is set", hint: MISSING_APP }),
    );
  }
  const { KiteConnect } = yield* Effect.promise(load);
  // Never `debug`: it prints secrets.
  const client = new KiteConnect({ api_key: apiKey, root: settings.root, timeout: settings.requestTimeout });
  // Its default transport reads proxy variables that the program may not read; fetch knows them by itself.
  (client as Connect & Transport).requestInstance.defaults.adapter = "fetch";
  return client;
});

/** The login page of the app, under the configured host: kiteconnect knows one host only. */
const address = Effect.fn("Kite.loginAddress")(function* (settings: KiteSettings) {
  const client = yield* connect(settings);
  const { pathname, search } = new URL(client.getLoginURL());
  return `${settings.loginRoot}${pathname}${search}`;
});

/** What the vendor sends back to: `?status=success&request_token=...&action=login`. */
const requestToken = (redirected: URL): Effect.Effect<string, PluginError.PluginError> => {
  const status = redirected.searchParams.get("status");
  const token = redirected.searchParams.get("request_token")?.trim() ?? "";
  if (status !== null && status !== "success") {
    return Effect.fail(
      failed(OPERATION)(
        new PluginError.Unauthorized({ message: `Kite ended the login with "${status}"`, hint: LOG_IN }),
      ),
    );
  }
  return token === ""
    ? Effect.fail(
      failed(OPERATION)(
        new PluginError.Invalid({
          message: "the address holds no request_token; paste the one that the browser ended up at",
        }),
      ),
    )
    : Effect.succeed(token);
};

const NAME = "POST /session/token";

/** What kiteconnect rejects with: Kite's error envelope, or words of its own. */
const Rejected = Schema.Struct({
  error_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
  message: Schema.optionalKey(Schema.NullOr(Schema.String)),
});

const decodeRejected = Schema.decodeUnknownOption(Rejected);

/** kiteconnect drops the HTTP status; these are the ones that the vendor documents for its errors. */
const statusOf = (errorType: string | undefined): number => {
  switch (errorType) {
    case "TokenException":
    case "PermissionException":
    case "UserException":
      return 403;
    case "InputException":
      return 400;
    default:
      return 503;
  }
};

const refused = (rejected: unknown): PluginError.Reason => {
  const { error_type, message } = decodeRejected(rejected).valueOrUndefined ?? {};
  const code = error_type ?? undefined;
  return classify({ request: NAME, status: statusOf(code), code, message: message ?? undefined });
};

/** kiteconnect also resolves with what is no session: an HTML page, an empty body. */
const decodeSession = Schema.decodeUnknownOption(Schema.Struct({ access_token: Schema.NonEmptyString }));

/** Exchanges the request token of a login, which is good once and for minutes, for an access token. */
const complete = Effect.fn("Kite.completeLogin")(function* (settings: KiteSettings, redirected: URL) {
  const token = yield* requestToken(redirected);
  const { apiSecret } = settings;
  if (apiSecret === undefined) {
    return yield* failed(OPERATION)(
      new PluginError.Unauthorized({ message: "no API secret is set", hint: MISSING_APP }),
    );
  }
  const client = yield* connect(settings);
  const answer = yield* Effect.tryPromise({
    try: (): Promise<unknown> => client.generateSession(token, Redacted.value(apiSecret)),
    catch: (error) => failed(OPERATION)(refused(error)),
  });
  const session = decodeSession(answer).valueOrUndefined;
  if (session === undefined) {
    return yield* failed(OPERATION)(
      new PluginError.Corrupt({ message: `${NAME}: an answer without a session` }),
    );
  }
  return {
    credential: Redacted.make(session.access_token),
    // Access tokens die at 06:00.
    expires: MarketTime.nextTime(yield* Clock.currentTimeMillis, "06:00", ZONE),
  };
});

/**
 * Kite's login: the user opens `address` in a browser, Kite redirects to the address registered for the app, and
 * `complete` makes a session of it, which ends every earlier one.
 */
export const login: Plugin.BrowserLogin<typeof settings> = { setting: "accessToken", address, complete };
