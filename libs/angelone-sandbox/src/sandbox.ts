import {
  type Running,
  runVendor,
  sandboxClock,
  type SandboxError,
  type ServerOptions,
} from "@candlewick/pretend-exchange";
import { Context, Effect, Layer, type Scope } from "effect";
import { type RateLimits, VENDOR_LIMITS } from "./api/rate-limits.ts";
import { type Account, Sessions, type Tokens } from "./api/sessions.ts";
import { inventedExchange } from "./exchange/invented-exchange.ts";
import { replayExchange } from "./exchange/replay-exchange.ts";
import { angelOne } from "./vendor.ts";

/** Where the scrip master and candles come from. */
export type SandboxMode =
  | {
    readonly kind: "invented";
    /** Names the market, an unsigned 32-bit integer. Default 1. */
    readonly seed?: number;
    /** Pretends that it is this date, `yyyy-mm-dd`; the time of day stays. Default: the clock's. */
    readonly today?: string;
  }
  | {
    readonly kind: "replay";
    /** A recorded scrip master, `.json` or `.json.gz`. */
    readonly master: string;
    /** Folder with `<token>/<interval>.json` and `index.csv`. Default: nothing has candles. */
    readonly candles?: string;
  };

export interface SandboxOptions extends ServerOptions, Partial<Account> {
  /** Default: the invented market of seed 1. */
  readonly mode?: SandboxMode;
  /** Default: the vendor's. */
  readonly limits?: "vendor" | "off" | RateLimits;
}

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

const limitsOf = (limits: SandboxOptions["limits"]): RateLimits =>
  limits === "off" ? {} : limits === undefined || limits === "vendor" ? VENDOR_LIMITS : limits;

const exchangeOf = (mode: SandboxMode) =>
  mode.kind === "replay"
    ? replayExchange(mode.master, mode.candles)
    : Effect.succeed(inventedExchange((mode.seed ?? 1) >>> 0));

/** Starts a sandbox that lives as long as the scope. Time comes from the `Clock`. */
export const makeSandbox = Effect.fn("AngelOneSandbox.make")(function* (
  options: SandboxOptions = {},
): Effect.fn.Return<Sandbox, SandboxError, Scope.Scope> {
  const mode = options.mode ?? { kind: "invented" };
  const clock = yield* sandboxClock(mode.kind === "invented" ? mode.today : undefined);
  const { now } = clock;
  const exchange = yield* exchangeOf(mode);
  const account = {
    apiKey: options.apiKey ?? "sandboxkey",
    clientCode: options.clientCode ?? "SANDBOX1",
    pin: options.pin ?? "1234",
    totpSecret: options.totpSecret ?? "CANDLEWICKSANDBOXSECRETFORTESTSX",
  };
  const sessions = new Sessions(account, exchange.description);
  const vendor = angelOne({ exchange, sessions, limits: limitsOf(options.limits), clock });
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
