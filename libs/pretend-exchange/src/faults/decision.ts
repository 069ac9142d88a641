import type { SandboxRequest } from "../server/request.ts";
import { fraction, substream, type Word } from "../random.ts";
import { type EventRule, type FaultRule, type FaultScript, isEvent, type PassingRule } from "./script.ts";
import { drawVariant } from "./variants.ts";

/** What names `NSE:INFY` in a historical request at the moment, where there is one. */
export type TokenOf = (symbol: string) => number | string | undefined;

/** A rule that decides what goes wrong with a request. Never `any`: that has been drawn. */
export interface Chosen {
  /** Place in the script, from 0. */
  readonly index: number;
  readonly rule: Exclude<PassingRule, { readonly fault: "any" }>;
}

export interface ActiveEvent {
  readonly index: number;
  readonly rule: EventRule;
}

/** What a script makes of a request. */
export interface Verdict {
  readonly chosen: Chosen | undefined;
  /** Market events in force, in the script's order. */
  readonly events: ReadonlyArray<ActiveEvent>;
}

export const HEALTHY: Verdict = { chosen: undefined, events: [] };

/** Whether a rule is about a request of this kind, whichever of them. */
export const matches = (rule: FaultRule, { route, parts }: SandboxRequest, tokenOf: TokenOf): boolean => {
  const routes = isEvent(rule) ? "historical" : rule.route ?? "data";
  const isAsked = routes === "any" || routes === route ||
    (routes === "data" && (route === "historical" || route === "instruments"));
  if (!isAsked) return false;
  const token = rule.symbol === undefined ? rule.token : tokenOf(rule.symbol);
  if (rule.symbol !== undefined && token === undefined) return false;
  const [askedToken, askedInterval] = route === "historical" ? parts : [];
  return (token === undefined || String(token) === askedToken) &&
    (rule.interval === undefined || rule.interval === askedInterval);
};

/** Which of the matching requests a rule concerns, counted from 1: the first, and the last. */
export const spanOf = (rule: FaultRule): readonly [first: number, last: number] => {
  const first = rule.nth ?? 1;
  const isCertain = !isEvent(rule) && rule.chance === undefined;
  const once = isCertain && (rule.nth !== undefined || rule.fault === "token-death");
  const times = rule.times ?? (once ? 1 : "always");
  return [first, times === "always" ? Infinity : first + times - 1];
};

/** What is drawn for a request by a rule: the same whenever it arrives, another at each repeat of it. */
export const drawOf = (seed: number, index: number, identity: string, repeat: number): Word =>
  substream(substream(seed, `rule ${index}`), `${identity} ${repeat}`);

const concrete = (rule: PassingRule, route: SandboxRequest["route"], word: Word): Chosen["rule"] =>
  rule.fault === "any" ? drawVariant(word, rule.of, route) : rule;

/** How often a rule has come up. */
export interface RuleCount {
  /** Requests that matched it. */
  readonly matched: number;
  /** Of those, how many it was due for and no rule before it was. */
  readonly due: number;
}

/** A script at work: asked once for every request, in the order of arrival. */
export class Decider {
  readonly script: FaultScript;
  readonly #tokenOf: TokenOf;
  readonly #counts: ReadonlyArray<{ matched: number; due: number }>;
  /** How often a request came before, where chances depend on it. */
  readonly #repeats = new Map<string, number>();
  readonly #hasChance: boolean;

  constructor(script: FaultScript, tokenOf: TokenOf) {
    this.script = script;
    this.#tokenOf = tokenOf;
    this.#counts = script.rules.map(() => ({ matched: 0, due: 0 }));
    this.#hasChance = script.rules.some((rule) =>
      !isEvent(rule) && (rule.chance ?? 1) < 1 || rule.fault === "any"
    );
  }

  decide(request: SandboxRequest): Verdict {
    const { rules, seed = 1 } = this.script;
    const identity = `${request.method} ${request.path}?${request.query}`;
    const repeat = this.#hasChance ? this.#repeat(identity) : 0;
    let chosen: Chosen | undefined;
    const events: Array<ActiveEvent> = [];
    for (const [index, rule] of rules.entries()) {
      const count = this.#counts[index];
      if (count === undefined || !matches(rule, request, this.#tokenOf)) continue;
      const at = ++count.matched;
      const [first, last] = spanOf(rule);
      if (at < first || at > last) continue;
      if (isEvent(rule)) {
        count.due++;
        events.push({ index, rule });
        continue;
      }
      if (chosen !== undefined) continue;
      const word = drawOf(seed, index, identity, repeat);
      if (fraction(word) >= (rule.chance ?? 1)) continue;
      count.due++;
      chosen = { index, rule: concrete(rule, request.route, word) };
    }
    return { chosen, events };
  }

  /** By the script's rules. */
  counts(): ReadonlyArray<RuleCount> {
    return this.#counts.map((count) => ({ ...count }));
  }

  #repeat(identity: string): number {
    const before = this.#repeats.get(identity) ?? 0;
    this.#repeats.set(identity, before + 1);
    return before;
  }
}
