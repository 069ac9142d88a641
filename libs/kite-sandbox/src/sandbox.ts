import {
  beginning,
  type MarketOptions,
  type Running,
  runVendor,
  type SandboxError,
  type ServerOptions,
} from "@candlewick/pretend-exchange";
import { Context, Effect, Layer, type Scope } from "effect";
import { type RateLimits, VENDOR_LIMITS } from "./api/rate-limits.ts";
import { Sessions } from "./api/sessions.ts";
import { inventedExchange } from "./invented-exchange.ts";
import { replayExchange } from "./replay-exchange.ts";
import { kite } from "./vendor.ts";

/** Recorded dumps and candles. */
interface Replay {
  readonly kind: "replay";
  /** Holds `instruments/<yyyy-mm-dd>.csv` and `historical/<token>/<interval>.json`. */
  readonly folder: string;
  /** Which dump, `yyyy-mm-dd`. Default: the newest. */
  readonly date?: string;
}

export interface SandboxOptions extends ServerOptions, MarketOptions<Replay, RateLimits> {
  /** Where the browser login leads. Without one it answers with a page that shows the request token. */
  readonly redirectUrl?: string;
  readonly apiKey?: string;
  readonly apiSecret?: string;
}

/** A running sandbox. Nothing in it is secret. */
export interface Sandbox extends Running {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The access token of the session the sandbox began with, which no morning ends; {@link Sandbox.login} and logins over HTTP kill it. */
  readonly accessToken: string;
  /** One line for people. */
  readonly description: string;
  /** `exchange:tradingsymbol` of the instruments a first run loads. */
  readonly selection: ReadonlyArray<string>;
  /** Opens a new session and returns its access token; the token before dies. */
  readonly login: () => string;
  /** Ends the session: every request is a TokenException until the next login. */
  readonly killToken: () => void;
  /** What the browser login would hand out: good once, for five minutes. */
  readonly issueRequestToken: () => string;
}

/** Starts a sandbox that lives as long as the scope. Time comes from the `Clock`. */
export const makeSandbox = Effect.fn("KiteSandbox.make")(function* (
  options: SandboxOptions = {},
): Effect.fn.Return<Sandbox, SandboxError, Scope.Scope> {
  const { clock, exchange, limits } = yield* beginning(options, {
    limits: { vendor: VENDOR_LIMITS, off: {} },
    invented: inventedExchange,
    replay: ({ date, folder }) => replayExchange(folder, date),
  });
  const { now } = clock;
  const sessions = new Sessions(
    options.apiKey ?? "sandboxkey",
    options.apiSecret ?? "sandboxsecret",
    exchange.description,
  );
  const vendor = kite({
    exchange,
    sessions,
    limits,
    redirectUrl: options.redirectUrl,
    now,
  });
  const running = yield* runVendor(vendor, clock, options);
  return {
    ...running,
    apiKey: sessions.apiKey,
    apiSecret: sessions.apiSecret,
    // The first session outlives the morning: a run that began before 06:00 would die without a login of its own.
    accessToken: sessions.login(now(), Infinity),
    description: exchange.description,
    selection: exchange.selection(now()),
    login: () => sessions.login(now()),
    killToken: () => sessions.kill(),
    issueRequestToken: () => sessions.issueRequestToken(now()),
  };
});

/** A running sandbox as a service. */
export class KiteSandbox
  extends Context.Service<KiteSandbox, Sandbox>()("@candlewick/kite-sandbox/KiteSandbox") {}

/** A sandbox for as long as the layer is in use. */
export const layer = (options: SandboxOptions = {}): Layer.Layer<KiteSandbox, SandboxError> =>
  Layer.effect(KiteSandbox, makeSandbox(options));
