import { Clock, Context, Effect, Layer, Result, type Scope } from "effect";
import { makeApi } from "./api/api.ts";
import { type RateLimits, VENDOR_LIMITS } from "./api/rate-limit.ts";
import type { SandboxRequest } from "./api/request.ts";
import { Sessions } from "./api/sessions.ts";
import { makeControl } from "./control.ts";
import { SandboxError } from "./error.ts";
import { type Fault, whole } from "./fault.ts";
import { Faulting, type FaultReport } from "./faults/faulting.ts";
import { decodeScript } from "./faults/read-script.ts";
import type { FaultScript } from "./faults/script.ts";
import { type Handler, makeHandler, type SandboxClock } from "./handler.ts";
import { inventedExchange } from "./market/invented-exchange.ts";
import { Recorder, type RequestRecord, type SandboxStats } from "./recorder.ts";
import { replayExchange } from "./replay/replay-exchange.ts";
import { serve } from "./server.ts";
import { DAY_SECONDS, dayOfLocal, localSeconds, parseDay } from "./time.ts";

/** Where instruments and candles come from. */
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
    /** Holds `instruments/<yyyy-mm-dd>.csv` and `historical/<token>/<interval>.json`. */
    readonly folder: string;
    /** Which dump, `yyyy-mm-dd`. Default: the newest. */
    readonly date?: string;
  };

export interface SandboxOptions {
  /** Default: the invented market of seed 1. */
  readonly mode?: SandboxMode;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: the vendor's. */
  readonly limits?: "vendor" | "off" | RateLimits;
  /** Delay before every answer, in real milliseconds. Default 0. */
  readonly latencyMillis?: number;
  /** Where the browser login leads. Without one it answers with a page that shows the request token. */
  readonly redirectUrl?: string;
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /**
   * Asked for every request within the limits, before it is looked at otherwise. What it returns becomes of the
   * answer; it may also act, as by killing the token.
   */
  readonly fault?: (request: SandboxRequest) => Fault | undefined;
  /** What goes wrong, as data. The hook above is asked first and counts more. */
  readonly faults?: FaultScript;
  /** How many requests the log keeps. Default 200,000. */
  readonly logSize?: number;
}

/** A running sandbox. Nothing in it is secret. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, the root for clients. */
  readonly url: string;
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
  /**
   * Begins a fault script in place of the one before, all its counts at nothing; without one the sandbox is
   * healthy again. Throws a {@link SandboxError} when the script makes no sense.
   */
  readonly setFaults: (script: FaultScript | undefined) => void;
  /** The fault script that runs, and how often each of its rules came up. */
  readonly faults: () => FaultReport;
  readonly stats: () => SandboxStats;
  /** The newest requests, oldest first. */
  readonly log: () => ReadonlyArray<RequestRecord>;
  /** Sets the counters and the log back to nothing. */
  readonly clear: () => void;
}

const limitsOf = (limits: SandboxOptions["limits"]): RateLimits =>
  limits === "off" ? {} : limits === undefined || limits === "vendor" ? VENDOR_LIMITS : limits;

const exchangeOf = (mode: SandboxMode) =>
  mode.kind === "replay"
    ? replayExchange(mode.folder, mode.date)
    : Effect.succeed(inventedExchange((mode.seed ?? 1) >>> 0));

const checked = (script: FaultScript): Result.Result<FaultScript, SandboxError> =>
  Result.mapError(decodeScript("faults", script), (message) => new SandboxError({ message }));

/** Milliseconds between the clock's date and the date the sandbox pretends. */
const shiftTo = (mode: SandboxMode, now: number): Effect.Effect<number, SandboxError> => {
  if (mode.kind === "replay" || mode.today === undefined) return Effect.succeed(0);
  const today = parseDay(mode.today);
  return today === undefined
    ? Effect.fail(new SandboxError({ message: `not a date: ${mode.today}, expected yyyy-mm-dd` }))
    : Effect.succeed((today - dayOfLocal(localSeconds(now))) * DAY_SECONDS * 1000);
};

/** Starts a sandbox that lives as long as the scope. Time comes from the `Clock`. */
export const makeSandbox = Effect.fn("KiteSandbox.make")(function* (
  options: SandboxOptions = {},
): Effect.fn.Return<Sandbox, SandboxError, Scope.Scope> {
  const mode = options.mode ?? { kind: "invented" };
  const clock = yield* Clock.Clock;
  const shift = yield* shiftTo(mode, clock.currentTimeMillisUnsafe());
  const clocks: SandboxClock = {
    wall: () => clock.currentTimeMillisUnsafe() + shift,
    steady: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6,
  };
  const now = () => localSeconds(clocks.wall());
  const exchange = yield* exchangeOf(mode);
  const sessions = new Sessions(
    options.apiKey ?? "sandboxkey",
    options.apiSecret ?? "sandboxsecret",
    exchange.description,
  );
  const recorder = new Recorder(options.logSize ?? 200_000);
  const login = () => sessions.login(now());
  const killToken = () => sessions.kill();
  const faulting = new Faulting({
    script: options.faults === undefined ? undefined : yield* Effect.fromResult(checked(options.faults)),
    tokenOf: (symbol) => exchange.tokenOf(symbol, now()),
    endSession: killToken,
    hook: options.fault ?? (() => undefined),
  });
  const vendor = makeHandler({
    api: makeApi(exchange, sessions, options.redirectUrl),
    exchange,
    limits: limitsOf(options.limits),
    clock: clocks,
    recorder,
    decide: (request) => faulting.decide(request),
  });
  const control = makeControl({ faulting, recorder, login, killToken });
  const handler: Handler = (call, arrived) => {
    const own = control(call);
    return own === undefined ? vendor(call, arrived) : whole(own);
  };
  const port = yield* serve(handler, clocks.steady, options.port ?? 0, options.latencyMillis ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey: sessions.apiKey,
    apiSecret: sessions.apiSecret,
    // The first session outlives the morning: a run that began before 06:00 would die without a login of its own.
    accessToken: sessions.login(now(), Infinity),
    description: exchange.description,
    selection: exchange.selection(now()),
    login,
    killToken,
    issueRequestToken: () => sessions.issueRequestToken(now()),
    setFaults: (script) =>
      faulting.replace(script === undefined ? undefined : Result.getOrThrow(checked(script))),
    faults: () => faulting.report(),
    stats: () => recorder.stats(),
    log: () => recorder.log(),
    clear: () => recorder.clear(),
  };
});

/** A running sandbox as a service. */
export class KiteSandbox
  extends Context.Service<KiteSandbox, Sandbox>()("@candlewick/kite-sandbox/KiteSandbox") {}

/** A sandbox for as long as the layer is in use. */
export const layer = (options: SandboxOptions = {}): Layer.Layer<KiteSandbox, SandboxError> =>
  Layer.effect(KiteSandbox, makeSandbox(options));
