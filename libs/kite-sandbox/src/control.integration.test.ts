import { ist } from "@candlewick/pretend-exchange/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import type { Sandbox } from "./sandbox.ts";
import { ask, started } from "./test-client.ts";
import { wire } from "./test-raw-client.ts";

/** Asks the sandbox itself, with no credentials. */
const own = (sandbox: Sandbox, method: string, path: string, body?: string) =>
  Effect.promise(async () => {
    const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, value: text === "" ? undefined : JSON.parse(text) };
  });

const CANDLES = "/instruments/historical/2049/day?from=2026-11-02+09:15:00&to=2026-11-13&oi=1";

describe("the sandbox's own endpoints", () => {
  it.effect("begin, show and end a fault script", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      expect(yield* own(sandbox, "GET", "faults")).toEqual({
        status: 200,
        value: { script: null, rules: [] },
      });
      const script = { seed: 3, rules: [{ fault: "unavailable", nth: 2 }] };
      const begun = yield* own(sandbox, "POST", "faults", JSON.stringify(script));
      expect(begun).toEqual({ status: 200, value: { script, rules: [{ matched: 0, due: 0, worked: 0 }] } });
      const statuses = Effect.replicateEffect(Effect.map(ask(sandbox, CANDLES), ({ status }) => status), 3);
      expect(yield* statuses).toEqual([200, 503, 200]);
      expect((yield* own(sandbox, "GET", "faults")).value.rules).toEqual([{ matched: 3, due: 1, worked: 1 }]);
      yield* own(sandbox, "POST", "faults", JSON.stringify(script));
      expect(yield* statuses).toEqual([200, 503, 200]);
      yield* own(sandbox, "POST", "faults", JSON.stringify(script));
      expect((yield* own(sandbox, "DELETE", "faults")).value).toEqual({ script: null, rules: [] });
      expect(yield* statuses).toEqual([200, 200, 200]);
    }));

  it.effect("refuse a script that is wrong, and keep the one that runs", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", faults: { rules: [{ fault: "html" }] } });
      const refused = yield* own(sandbox, "POST", "faults", '{"rules":[{"fault":"reset","when":1}]}');
      expect(refused).toEqual({
        status: 400,
        value: { error: "POST /sandbox/faults: rule 1 (reset): when: there is no such key" },
      });
      expect((yield* own(sandbox, "POST", "faults", "{")).status).toBe(400);
      expect(sandbox.faults().script).toEqual({ rules: [{ fault: "html" }] });
    }));

  it.effect("show what was asked and answered, and are not in it", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", faults: { rules: [{ fault: "reset", nth: 2 }] } });
      yield* ask(sandbox, CANDLES);
      // Over a socket of its own: fetch repeats a request whose kept connection is reset.
      yield* wire(sandbox, CANDLES);
      yield* ask(sandbox, "/instruments/NSE");
      const { value } = yield* own(sandbox, "GET", "log");
      const asked = {
        time: new Date(ist("2026-11-20")).toISOString(),
        method: "GET",
        route: "historical",
        token: "2049",
        interval: "day",
        exchange: null,
        from: "2026-11-02 09:15:00",
        to: "2026-11-13",
        due: 200,
      };
      expect(value.dropped).toBe(0);
      expect(value.requests.slice(0, 2)).toEqual([
        { ordinal: 1, ...asked, status: 200, fault: null },
        { ordinal: 2, ...asked, status: null, fault: "reset" },
      ]);
      expect(value.requests[2]).toMatchObject({
        route: "instruments",
        exchange: "NSE",
        token: null,
        from: null,
      });
      expect(value.requests).toHaveLength(3);
      const page = yield* own(sandbox, "GET", "log?after=1&limit=1");
      expect(page.value.requests).toEqual([value.requests[1]]);
      expect((yield* own(sandbox, "GET", "log?after=x")).status).toBe(400);
      expect((yield* own(sandbox, "GET", "stats")).value).toMatchObject({
        requests: 3,
        byRoute: { historical: 2, instruments: 1 },
        faults: 1,
        byFault: { reset: 1 },
        dropped: 0,
      });
      yield* own(sandbox, "DELETE", "log");
      expect((yield* own(sandbox, "GET", "log")).value).toEqual({ dropped: 0, requests: [] });
    }));

  it.effect("log in anew and end the session", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const { value } = yield* own(sandbox, "POST", "login");
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(403);
      expect((yield* ask(sandbox, "/user/profile", { token: value.accessToken })).status).toBe(200);
      expect((yield* own(sandbox, "POST", "kill-token")).value).toEqual({ accessToken: null });
      expect((yield* ask(sandbox, "/user/profile", { token: value.accessToken })).status).toBe(403);
    }));

  it.effect("never fault and never count towards the limits", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ faults: { rules: [{ fault: "reset", route: "any" }] } });
      const seen = yield* Effect.replicateEffect(own(sandbox, "GET", "stats"), 30);
      expect(seen.every(({ status, value }) => status === 200 && value.requests === 0)).toBe(true);
    }));

  it.effect("say what there is when asked for something else, or for too much at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      expect(yield* own(sandbox, "GET", "bogus")).toMatchObject({
        status: 404,
        value: { error: expect.stringContaining("GET /sandbox/faults") },
      });
      expect(yield* own(sandbox, "GET", "login")).toEqual({
        status: 405,
        value: { error: "login takes POST" },
      });
      expect((yield* own(sandbox, "POST", "faults", " ".repeat(1_048_577))).status).toBe(413);
    }));
});
