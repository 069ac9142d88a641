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
import { type Account, Sessions, type Tokens } from "./api/sessions.ts";
import { inventedExchange } from "./exchange/invented-exchange.ts";
import { replayExchange } from "./exchange/replay-exchange.ts";
import { angelOne } from "./vendor.ts";

/** A recorded scrip master and candles. */
interface Replay {
  readonly kind: "replay";
  /** The scrip master, `.json` or `.json.gz`. */
  readonly master: string;
  /** Folder with `<token>/<interval>.json` and `index.csv`. Default: nothing has candles. */
  readonly candles?: string;
}

export type SandboxOptions = ServerOptions & MarketOptions<Replay, RateLimits> & Partial<Account>;

/** A running sandbox. Nothing in it is secret. */
export interface Sandbox extends Running, Account {
  /** The session the sandbox began with, which no morning ends. Logins over HTTP open others beside it. */
  readonly tokens: Tokens;
  /** One line for people. */
  readonly description: string;
  /** `exchange:symbol` of the instruments a first run loads. */
  readonly selection: ReadonlyArray<string>;
  /** Opens a new session; others live on. */
  readonly login: () => Tokens;
  /** Ends all sessions: every request is refused until the next login. */
  readonly killToken: () => void;
}

/** Starts a sandbox that lives as long as the scope. Time comes from the `Clock`. */
export const makeSandbox = Effect.fn("AngelOneSandbox.make")(function* (
  options: SandboxOptions = {},
): Effect.fn.Return<Sandbox, SandboxError, Scope.Scope> {
  const { clock, exchange, limits } = yield* beginning(options, {
    limits: { vendor: VENDOR_LIMITS, off: {} },
    invented: inventedExchange,
    replay: ({ candles, master }) => replayExchange(master, candles),
  });
  const { now } = clock;
  const account = {
    apiKey: options.apiKey ?? "sandboxkey",
    clientCode: options.clientCode ?? "SANDBOX1",
    pin: options.pin ?? "1234",
    totpSecret: options.totpSecret ?? "CANDLEWICKSANDBOXSECRETFORTESTSX",
  };
  const sessions = new Sessions(account, exchange.description);
  const vendor = angelOne({ exchange, sessions, limits, clock });
  const running = yield* runVendor(vendor, clock, options);
  return {
    ...running,
    ...account,
    tokens: sessions.login(now(), Infinity),
    description: exchange.description,
    selection: exchange.selection(now()),
    login: () => sessions.login(now()),
    killToken: () => sessions.kill(),
  };
});

/** A running sandbox as a service. */
export class AngelOneSandbox
  extends Context.Service<AngelOneSandbox, Sandbox>()("@candlewick/angelone-sandbox/AngelOneSandbox") {}

/** A sandbox for as long as the layer is in use. */
export const layer = (options: SandboxOptions = {}): Layer.Layer<AngelOneSandbox, SandboxError> =>
  Layer.effect(AngelOneSandbox, makeSandbox(options));
