import type { FaultRule } from "@candlewick/pretend-exchange";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber } from "effect";
import { gunzipSync, gzipSync } from "node:zlib";
import { makeSandbox } from "../sandbox.ts";
import { ask, started } from "../test-client.ts";
import { textOf, type Wire, wire } from "../test-raw-client.ts";

const DUMP = "/instruments/BCD";
const PROFILE = "/user/profile";

/** The same request to a healthy sandbox and to one with a single rule. */
const both = Effect.fnUntraced(function* (
  rule: FaultRule,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const sandbox = yield* started({ limits: "off" });
  const due = yield* wire(sandbox, path, headers);
  sandbox.setFaults({ rules: [rule] });
  const seen = yield* wire(sandbox, path, headers);
  return { due, seen, logged: sandbox.log().at(-1) };
});

const seenOf = ({ status, headers }: Wire) => [status, headers["content-type"], headers["retry-after"]];

describe("over the wire", () => {
  it.effect("too many requests, with and without a time to wait", () =>
    Effect.gen(function* () {
      const plain = yield* both({ fault: "rate-limit" }, DUMP);
      expect(seenOf(plain.seen)).toEqual([429, "application/json", undefined]);
      expect(JSON.parse(textOf(plain.seen))).toEqual({
        status: "error",
        message: "Too many requests",
        data: null,
        error_type: "NetworkException",
      });
      expect(plain.logged).toMatchObject({ status: 200, sent: 429, fault: "rate-limit" });
      const { seen } = yield* both({ fault: "rate-limit", retryAfter: 7 }, DUMP);
      expect(seenOf(seen)).toEqual([429, "application/json", "7"]);
    }));

  it.effect("a vendor that is away, by its own envelope or a proxy's page", () =>
    Effect.gen(function* () {
      const types = {
        500: "GeneralException",
        502: "DataException",
        503: "NetworkException",
        504: "NetworkException",
      };
      for (const status of [500, 502, 503, 504] as const) {
        const json = yield* both({ fault: "unavailable", status }, DUMP);
        expect(seenOf(json.seen)).toEqual([status, "application/json", undefined]);
        expect(JSON.parse(textOf(json.seen))).toMatchObject({ status: "error", error_type: types[status] });
        const html = yield* both({ fault: "unavailable", status, body: "html" }, DUMP);
        expect(seenOf(html.seen)).toEqual([status, "text/html", undefined]);
        expect(textOf(html.seen)).toContain(`<title>${status} `);
        expect(html.logged).toMatchObject({ fault: "unavailable", sent: status });
      }
      expect((yield* both({ fault: "unavailable" }, DUMP)).seen.status).toBe(503);
    }));

  it.effect("a page with 200", () =>
    Effect.gen(function* () {
      const { seen } = yield* both({ fault: "html" }, DUMP);
      expect(seenOf(seen)).toEqual([200, "text/html", undefined]);
      expect(textOf(seen)).toContain("<html>");
    }));

  it.effect("JSON that is none", () =>
    Effect.gen(function* () {
      const profile = yield* both({ fault: "malformed-json", route: "any" }, PROFILE);
      expect(seenOf(profile.seen)).toEqual([200, "application/json", undefined]);
      expect(() => JSON.parse(textOf(profile.seen))).toThrow(SyntaxError);
      expect(profile.seen.body.length).toBe(profile.due.body.length - 1);
      const dump = yield* both({ fault: "malformed-json" }, DUMP, { "accept-encoding": "gzip" });
      expect(seenOf(dump.seen)).toEqual([200, "application/json", undefined]);
      expect(dump.seen.headers["content-encoding"]).toBeUndefined();
      expect(() => JSON.parse(textOf(dump.seen))).toThrow(SyntaxError);
    }));

  it.effect("a gzip stream that stops inside whole HTTP", () =>
    Effect.gen(function* () {
      const { seen, due } = yield* both({ fault: "cut-gzip" }, DUMP, { "accept-encoding": "gzip" });
      expect([seen.status, seen.isWhole, seen.headers["content-encoding"]]).toEqual([200, true, "gzip"]);
      expect(seen.body).toEqual(due.body.subarray(0, Math.floor(due.body.length / 2)));
      expect(() => gunzipSync(seen.body)).toThrow();
      const most = yield* both({ fault: "cut-gzip", keep: 0.9, route: "profile" }, PROFILE);
      expect(most.seen.body.length).toBe(Math.floor(gzipSync(most.due.body).length * 0.9));
    }));

  it.effect("content that stops inside whole gzip and HTTP", () =>
    Effect.gen(function* () {
      const { seen, due } = yield* both({ fault: "cut-content" }, DUMP, { "accept-encoding": "gzip" });
      expect([seen.status, seen.isWhole]).toEqual([200, true]);
      const whole = gunzipSync(due.body);
      expect(gunzipSync(seen.body).equals(whole.subarray(0, Math.floor(whole.length / 2)))).toBe(true);
    }));

  it.effect("a body that is shorter than announced", () =>
    Effect.gen(function* () {
      const { seen, due } = yield* both({ fault: "cut-body", keep: 0.25 }, DUMP);
      expect([seen.status, seen.isWhole]).toEqual([200, false]);
      expect(seen.headers["content-length"]).toBe(due.headers["content-length"]);
      expect(seen.body).toEqual(due.body.subarray(0, Math.floor(due.body.length / 4)));
    }));

  it.effect("nothing at all: a reset, or silence that ends with the connection", () =>
    Effect.gen(function* () {
      for (const rule of [{ fault: "reset" }, { fault: "hang", seconds: 0.01 }] as const) {
        const { seen, logged } = yield* both(rule, DUMP);
        expect([seen.status, seen.body.length]).toEqual([undefined, 0]);
        expect(logged).toMatchObject({ status: 200, sent: undefined, fault: rule.fault });
      }
    }));

  it.effect("silence without an end", () =>
    Effect.gen(function* () {
      const arrived = Promise.withResolvers<void>();
      const sandbox = yield* started({
        limits: "off",
        fault: () => {
          arrived.resolve();
          return undefined;
        },
        faults: { rules: [{ fault: "hang" }] },
      });
      const asking = yield* Effect.forkChild(ask(sandbox, DUMP));
      yield* Effect.promise(() => arrived.promise);
      expect(sandbox.log().map(({ fault, sent }) => [fault, sent])).toEqual([["hang", undefined]]);
      expect(asking.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(asking);
    }));

  it.effect("the whole answer late, or in pieces", () =>
    Effect.gen(function* () {
      const slow = yield* both({ fault: "slow", milliseconds: 3 }, DUMP);
      expect([slow.seen.status, slow.seen.body]).toEqual([200, slow.due.body]);
      expect(slow.logged?.fault).toBe("slow");
      const drip = yield* both({ fault: "drip", pieces: 6, milliseconds: 5 }, DUMP);
      expect([drip.seen.status, drip.seen.body]).toEqual([200, drip.due.body]);
    }));

  it.effect("the end of the session, until the next login", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({
        limits: "off",
        faults: { rules: [{ fault: "token-death", nth: 2 }] },
      });
      const statuses = (token: string) =>
        Effect.replicateEffect(Effect.map(ask(sandbox, DUMP, { token }), ({ status }) => status), 3);
      expect(yield* statuses(sandbox.accessToken)).toEqual([200, 403, 403]);
      expect((yield* ask(sandbox, PROFILE)).error).toBe(
        "TokenException: Incorrect `api_key` or `access_token`.",
      );
      expect(yield* statuses(sandbox.login())).toEqual([200, 200, 200]);
      expect(sandbox.log().map(({ fault }) => fault).filter(Boolean)).toEqual(["token-death"]);
    }));

  it.effect("not a byte of difference from a script without rules", () =>
    Effect.gen(function* () {
      const healthy = yield* started({ limits: "off" });
      const scripted = yield* started({ limits: "off", faults: { seed: 7, rules: [] } });
      const token = (yield* ask(healthy, "/instruments/NSE")).text.split("\n")[100]?.split(",")[0];
      const days = `/instruments/historical/${token}/day?from=2022-01-01&to=2026-11-20&oi=1`;
      const minutes = `/instruments/historical/${token}/minute?from=2026-11-01&to=2026-11-20`;
      const asks = [DUMP, "/instruments", PROFILE, days, minutes, "/nowhere", "/instruments/XYZ"];
      for (const path of asks) {
        for (const encoding of ["gzip", "identity"]) {
          const [due, seen] = yield* Effect.forEach(
            [healthy, scripted],
            (sandbox) => wire(sandbox, path, { "accept-encoding": encoding }),
          );
          expect([seen?.status, seen?.body]).toEqual([due?.status, due?.body]);
        }
      }
      expect(scripted.stats().faults).toBe(0);
    }), 30_000);
});

describe("a script", () => {
  it.effect("gives way to the hook, and refuses to begin when it makes no sense", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({
        limits: "off",
        fault: ({ ordinal }) => ordinal === 1 ? { name: "mine", deliver: () => undefined } : undefined,
        faults: { rules: [{ fault: "html" }] },
      });
      expect((yield* wire(sandbox, DUMP)).headers["content-type"]).toBe("text/csv");
      expect((yield* wire(sandbox, DUMP)).headers["content-type"]).toBe("text/html");
      expect(sandbox.faults().rules).toEqual([{ matched: 2, due: 2, worked: 1 }]);
      expect(() => sandbox.setFaults({ rules: [{ fault: "html", chance: 2 }] })).toThrow(
        "faults: rule 1 (html): chance: Expected a value between 0 and 1",
      );
      const refused = yield* Effect.flip(makeSandbox({ faults: { rules: [{ fault: "html", nth: 0 }] } }));
      expect(refused.message).toContain("faults: rule 1 (html): nth: ");
    }));
});
