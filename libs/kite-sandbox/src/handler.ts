import { type Answer, refusal, tooManyRequests } from "./api/answer.ts";
import type { Api, ApiCall } from "./api/api.ts";
import { type RateLimits, SlidingWindow } from "./api/rate-limit.ts";
import { apiKeyOf, type RouteName, routeOf, type SandboxRequest } from "./api/request.ts";
import type { Exchange } from "./api/exchange.ts";
import { type Delivery, whole } from "./fault.ts";
import { deskOf } from "./faults/desk.ts";
import type { Decision } from "./faults/faulting.ts";
import { restated } from "./faults/market-events.ts";
import type { Recorder } from "./recorder.ts";
import { localSeconds } from "./time.ts";

/** The two clocks a sandbox lives by, both in milliseconds. */
export interface SandboxClock {
  /** Since the epoch; decides what day it is. */
  readonly wall: () => number;
  /** Never goes back; decides what is too fast. */
  readonly steady: () => number;
}

export interface HandlerOptions {
  readonly api: Api;
  readonly exchange: Exchange;
  readonly limits: RateLimits;
  readonly clock: SandboxClock;
  readonly recorder: Recorder;
  /** Asked once for each request that is within the limits. */
  readonly decide: (request: SandboxRequest) => Decision;
}

/** From a request that has just arrived to what goes over the wire for it. */
export type Handler = (call: ApiCall, arrived: number) => Delivery;

export const makeHandler = ({ api, exchange, limits, clock, recorder, decide }: HandlerOptions): Handler => {
  const historical = limits.historical === undefined ? undefined : new SlidingWindow(limits.historical);
  const other = limits.other === undefined ? undefined : new SlidingWindow(limits.other);
  const routeOrdinals: Partial<Record<RouteName, number>> = {};
  let ordinal = 0;

  const answerOf = (call: ApiCall, at: number) => {
    try {
      return api.answer(call, localSeconds(at));
    } catch (cause) {
      return refusal(500, "GeneralException", String(cause));
    }
  };

  const record = (
    request: SandboxRequest,
    due: Answer,
    { head }: Delivery,
    fault: string | undefined,
    violation: boolean,
  ) =>
    recorder.record(
      { ...request, status: due.status, sent: head?.status, fault },
      due.body.length,
      violation,
    );

  return (call, arrived) => {
    const { name, parts } = routeOf(call.path);
    const apiKey = apiKeyOf(call.authorization);
    const routeOrdinal = (routeOrdinals[name] ?? 0) + 1;
    routeOrdinals[name] = routeOrdinal;
    const at = clock.wall();
    const { method, path, query } = call;
    const request = { ordinal: ++ordinal, routeOrdinal, at, method, path, query, route: name, parts, apiKey };

    const window = name === "historical" ? historical : other;
    const violation = window !== undefined && !window.admit(apiKey, arrived);
    if (violation) {
      const refused = tooManyRequests(limits.retryAfterSeconds);
      record(request, refused, whole(refused), undefined, true);
      return whole(refused);
    }
    const { fault, events, settle } = decide(request);
    const { answer: due, changedBy } = restated(answerOf(call, at), events);
    const faulted = fault?.deliver(due, deskOf(exchange, request, events, localSeconds(at)));
    settle(faulted !== undefined, changedBy);
    const delivery = faulted ?? whole(due);
    record(request, due, delivery, faulted === undefined ? undefined : fault?.name, false);
    return delivery;
  };
};
