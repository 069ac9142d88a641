import { Result } from "effect";
import type { Faulting } from "../faults/faulting.ts";
import { parseScript } from "../faults/read-script.ts";
import type { Vendor } from "../vendor.ts";
import { type Answer, answer } from "./answer.ts";
import type { Recorder, RequestRecord } from "./recorder.ts";
import type { ApiCall } from "./request.ts";

/** What the sandbox's own endpoints reach. */
export interface ControlOptions {
  readonly faulting: Faulting;
  readonly recorder: Recorder;
  readonly vendor: Pick<Vendor, "login" | "killToken" | "asked">;
}

const ROOT = "/sandbox/";

const json = (status: number, value: unknown): Answer =>
  answer(status, "application/json", JSON.stringify(value));

const wrong = (status: number, message: string): Answer => json(status, { error: message });

/** A request as `/sandbox/log` shows it. */
const line = (record: RequestRecord, { asked }: Pick<Vendor, "asked">) => ({
  ordinal: record.ordinal,
  time: new Date(record.at).toISOString(),
  method: record.method,
  route: record.route,
  ...asked(record),
  due: record.status,
  status: record.sent ?? null,
  fault: record.fault ?? null,
});

const whole = (text: string | null, otherwise: number): number | undefined =>
  text === null ? otherwise : /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/**
 * The sandbox's own endpoints below `/sandbox/`, which the vendor does not have: faults, log, counters and
 * logins for a program elsewhere on this machine. They are neither limited nor recorded, and never fault.
 *
 * @returns what to answer, undefined for a path that is not one of its own
 */
export const makeControl = ({ faulting, recorder, vendor }: ControlOptions) => {
  const log = (query: string): Answer => {
    const parameters = new URLSearchParams(query);
    const after = whole(parameters.get("after"), 0);
    const limit = whole(parameters.get("limit"), Infinity);
    if (after === undefined) return wrong(400, "after: not a whole number");
    if (limit === undefined) return wrong(400, "limit: not a whole number");
    const requests = recorder.log().filter(({ ordinal }) => ordinal > after).slice(0, limit);
    return json(200, {
      dropped: recorder.stats().dropped,
      requests: requests.map((record) => line(record, vendor)),
    });
  };

  const report = (): Answer => {
    const { script, rules } = faulting.report();
    return json(200, { script: script ?? null, rules });
  };

  const replace = (body: string): Answer => {
    const script = parseScript("POST /sandbox/faults", body);
    if (Result.isFailure(script)) return wrong(400, script.failure);
    faulting.replace(script.success);
    return report();
  };

  const endpoints: Readonly<Record<string, (call: ApiCall) => Answer>> = {
    "GET faults": report,
    "POST faults": ({ body }) => replace(body),
    "DELETE faults": () => {
      faulting.replace(undefined);
      return report();
    },
    "GET log": ({ query }) => log(query),
    "DELETE log": () => {
      recorder.clear();
      return json(200, recorder.stats());
    },
    "GET stats": () => json(200, recorder.stats()),
    "POST login": () => json(200, vendor.login()),
    "POST kill-token": () => json(200, vendor.killToken()),
  };

  return (call: ApiCall): Answer | undefined => {
    if (!call.path.startsWith(ROOT)) return undefined;
    const name = call.path.slice(ROOT.length);
    const endpoint = endpoints[`${call.method} ${name}`];
    if (endpoint !== undefined) return endpoint(call);
    const others = Object.keys(endpoints).filter((key) => key.split(" ")[1] === name);
    return others.length === 0
      ? wrong(
        404,
        `no such endpoint, there are: ${
          Object.keys(endpoints).map((key) => key.replace(" ", ` ${ROOT}`)).join(", ")
        }`,
      )
      : wrong(405, `${name} takes ${others.map((key) => key.split(" ")[0]).join(", ")}`);
  };
};
