import type { SandboxRequest } from "../server/request.ts";
import { type ActiveEvent, Decider, HEALTHY, type RuleCount, type TokenOf } from "./decision.ts";
import type { Fault } from "./fault.ts";
import type { FaultScript } from "./script.ts";
import { faultOf } from "./scripted.ts";

/** What becomes of a request. */
export interface Decision {
  readonly fault: Fault | undefined;
  /** Market events in force for it. */
  readonly events: ReadonlyArray<ActiveEvent>;
  /** To be told what came of it: whether the fault had something to work on, and which events did. */
  readonly settle: (faulted: boolean, changedBy: ReadonlyArray<number>) => void;
}

/** A rule's counts, and how many answers it changed. */
export interface RuleReport extends RuleCount {
  readonly worked: number;
}

export interface FaultReport {
  /** The script that runs, undefined when the sandbox is healthy. */
  readonly script: FaultScript | undefined;
  /** By the script's rules. */
  readonly rules: ReadonlyArray<RuleReport>;
}

export interface FaultingOptions {
  readonly script: FaultScript | undefined;
  readonly tokenOf: TokenOf;
  readonly endSession: () => void;
  /** Asked first; what it chooses counts more than the script. */
  readonly hook: (request: SandboxRequest) => Fault | undefined;
}

/** What decides the faults of a sandbox: a hook in the program, and a script that can be replaced at any time. */
export class Faulting {
  readonly #options: FaultingOptions;
  #decider: Decider | undefined;
  #worked: Array<number> = [];

  constructor(options: FaultingOptions) {
    this.#options = options;
    this.replace(options.script);
  }

  /** Begins a script, all counts at nothing; without one the sandbox is healthy. */
  replace(script: FaultScript | undefined): void {
    this.#decider = script === undefined ? undefined : new Decider(script, this.#options.tokenOf);
    this.#worked = script?.rules.map(() => 0) ?? [];
  }

  /** Decides on a request that has arrived, and ends the session when that is what is to go wrong. */
  decide(request: SandboxRequest): Decision {
    const { chosen, events } = this.#decider?.decide(request) ?? HEALTHY;
    if (chosen?.rule.fault === "token-death") this.#options.endSession();
    const hooked = this.#options.hook(request);
    const scripted = hooked === undefined ? chosen : undefined;
    return {
      fault: hooked ?? (scripted === undefined ? undefined : faultOf(scripted.rule)),
      events,
      settle: (faulted, changedBy) => {
        const indices = faulted && scripted !== undefined ? [scripted.index, ...changedBy] : changedBy;
        for (const index of indices) this.#worked[index] = (this.#worked[index] ?? 0) + 1;
      },
    };
  }

  report(): FaultReport {
    const counts = this.#decider?.counts() ?? [];
    return {
      script: this.#decider?.script,
      rules: counts.map((count, i) => ({ ...count, worked: this.#worked[i] ?? 0 })),
    };
  }
}
