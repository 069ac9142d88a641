import { type Delivery, whole } from "../faults/fault.ts";
import { deskOf } from "../faults/desk.ts";
import type { Decision } from "../faults/faulting.ts";
import { restated } from "../faults/market-events.ts";
import { localSeconds } from "../time.ts";
import type { Vendor } from "../vendor.ts";
import type { Answer } from "./answer.ts";
import type { SandboxClock } from "./clock.ts";
import type { Recorder } from "./recorder.ts";
import type { ApiCall, RouteName, SandboxRequest } from "./request.ts";

export interface HandlerOptions {
  readonly vendor: Vendor;
  readonly clock: SandboxClock;
  readonly recorder: Recorder;
  /** Asked once for each request that is within the limits. */
  readonly decide: (request: SandboxRequest) => Decision;
}

/** From a request that has just arrived to what goes over the wire for it. */
export type Handler = (call: ApiCall, arrived: number) => Delivery;

export const makeHandler = ({ vendor, clock, recorder, decide }: HandlerOptions): Handler => {
  const { wording } = vendor;
  const routeOrdinals: Partial<Record<RouteName, number>> = {};
  let ordinal = 0;

  const answerOf = (call: ApiCall, at: number) => {
    try {
      return vendor.answer(call, localSeconds(at));
    } catch (cause) {
      return wording.broken(String(cause));
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
    const { method, path } = call;
    const query = vendor.parametersOf(call);
    const { name, parts } = vendor.routeOf(path, query);
    const apiKey = vendor.apiKeyOf(call);
    const routeOrdinal = (routeOrdinals[name] ?? 0) + 1;
    routeOrdinals[name] = routeOrdinal;
    const at = clock.wall();
    const request = { ordinal: ++ordinal, routeOrdinal, at, method, path, query, route: name, parts, apiKey };

    if (!vendor.admit(name, apiKey, arrived)) {
      const refused = wording.tooManyRequests(vendor.retryAfterSeconds);
      record(request, refused, whole(refused), undefined, true);
      return whole(refused);
    }
    const { fault, events, settle } = decide(request);
    const { answer: due, changedBy } = restated(answerOf(call, at), events, wording.candles);
    const faulted = fault?.deliver(due, deskOf(vendor, request, events, localSeconds(at)));
    settle(faulted !== undefined, changedBy);
    const delivery = faulted ?? whole(due);
    record(request, due, delivery, faulted === undefined ? undefined : fault?.name, false);
    return delivery;
  };
};
