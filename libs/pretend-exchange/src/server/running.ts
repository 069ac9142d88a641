import { Effect, Result, type Scope } from "effect";
import { SandboxError } from "../error.ts";
import { type Fault, whole } from "../faults/fault.ts";
import { Faulting, type FaultReport } from "../faults/faulting.ts";
import { decodeScript } from "../faults/read-script.ts";
import type { FaultScript } from "../faults/script.ts";
import type { Vendor } from "../vendor.ts";
import type { SandboxClock } from "./clock.ts";
import { makeControl } from "./control.ts";
import { type Handler, makeHandler } from "./handler.ts";
import { Recorder, type RequestRecord, type SandboxStats } from "./recorder.ts";
import type { SandboxRequest } from "./request.ts";
import { serve } from "./server.ts";

/** What every sandbox can be told. */
export interface ServerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Delay before every answer, in real milliseconds. Default 0. */
  readonly latencyMillis?: number;
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

/** A running sandbox, whatever vendor it speaks for. */
export interface Running {
  /** `http://127.0.0.1:<port>`, the root for clients. */
  readonly url: string;
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

const checked = (script: FaultScript): Result.Result<FaultScript, SandboxError> =>
  Result.mapError(decodeScript("faults", script), (message) => new SandboxError({ message }));

/** Serves a vendor's API on loopback for as long as the scope lives: faults, log and control endpoints around it. */
export const runVendor = Effect.fnUntraced(function* (
  vendor: Vendor,
  clock: SandboxClock,
  options: ServerOptions,
): Effect.fn.Return<Running, SandboxError, Scope.Scope> {
  const recorder = new Recorder(options.logSize ?? 200_000, vendor.routeOf);
  const faulting = new Faulting({
    script: options.faults === undefined ? undefined : yield* Effect.fromResult(checked(options.faults)),
    tokenOf: (symbol) => vendor.tokenOf(symbol, clock.now()),
    endSession: () => void vendor.killToken(),
    hook: options.fault ?? (() => undefined),
  });
  const api = makeHandler({ vendor, clock, recorder, decide: (request) => faulting.decide(request) });
  const control = makeControl({ faulting, recorder, vendor });
  const handler: Handler = (call, arrived) => {
    const own = control(call);
    return own === undefined ? api(call, arrived) : whole(own);
  };
  const port = yield* serve(handler, clock.steady, options.port ?? 0, options.latencyMillis ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    setFaults: (script) =>
      faulting.replace(script === undefined ? undefined : Result.getOrThrow(checked(script))),
    faults: () => faulting.report(),
    stats: () => recorder.stats(),
    log: () => recorder.log(),
    clear: () => recorder.clear(),
  };
});
