import { ist, type Seen } from "@candlewick/pretend-exchange/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { generateSync } from "otplib";
import type { Sandbox } from "../sandbox.ts";
import { ask, askCandles, LOGIN, PROFILE, RENEW, started } from "../test-client.ts";

const codeAt = (sandbox: Sandbox, millis: number) =>
  generateSync({ secret: sandbox.totpSecret, epoch: Math.floor(millis / 1000) });

const credentials = (sandbox: Sandbox, totp: string) => ({
  clientcode: sandbox.clientCode,
  password: sandbox.pin,
  totp,
});

/** Logs in with the code of a moment. */
const login = (sandbox: Sandbox, millis: number) =>
  ask(sandbox, LOGIN, { jwt: "", body: credentials(sandbox, codeAt(sandbox, millis)) });

const dataOf = ({ text }: Seen) => JSON.parse(text).data;

const profile = (sandbox: Sandbox, jwt: string) =>
  Effect.map(ask(sandbox, PROFILE, { method: "GET", jwt }), ({ error }) => error);

const NOON = ist("2026-11-20");

describe("a login", () => {
  it.effect("by client code, PIN and TOTP brings three tokens that are good for requests", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const seen = yield* login(sandbox, NOON);
      expect([seen.status, JSON.parse(seen.text)]).toEqual([200, {
        status: true,
        message: "SUCCESS",
        errorcode: "",
        data: {
          jwtToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          refreshToken: expect.stringMatching(/./),
          feedToken: expect.stringMatching(/./),
        },
      }]);
      const { jwtToken } = dataOf(seen);
      expect(yield* profile(sandbox, jwtToken)).toBe("");
      const rows = yield* askCandles(sandbox, {
        exchange: "NSE",
        symboltoken: "8",
        interval: "ONE_DAY",
        fromdate: "2026-11-02 09:15",
        todate: "2026-11-13 15:30",
      }, { jwt: jwtToken });
      expect(rows.error).toBe("");
    }));

  it.effect("takes the code of the step before and after, and no other", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      for (const away of [-30_000, 0, 30_000]) expect((yield* login(sandbox, NOON + away)).error).toBe("");
      for (const away of [-90_000, 90_000]) {
        expect((yield* login(sandbox, NOON + away)).error).toBe("AB1050: Invalid totp");
      }
      for (const totp of ["", "12345", "abcdef"]) {
        const { error } = yield* ask(sandbox, LOGIN, { jwt: "", body: credentials(sandbox, totp) });
        expect(error).toBe("AB1050: Invalid totp");
      }
    }));

  it.effect("goes by the client's clock for codes, whatever date the sandbox pretends", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", mode: { kind: "invented", today: "2024-03-01" } });
      expect((yield* login(sandbox, NOON)).error).toBe("");
    }));

  it.effect("with a wrong client code or PIN, key, header or body is refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const good = credentials(sandbox, codeAt(sandbox, NOON));
      const errorOf = (body: unknown, headers = {}) =>
        Effect.map(ask(sandbox, LOGIN, { jwt: "", body, headers }), ({ status, error }) => [status, error]);
      const wrong = [200, "AB1007: Invalid clientcode or password"];
      expect(yield* errorOf({ ...good, clientcode: "NOBODY" })).toEqual(wrong);
      expect(yield* errorOf({ ...good, password: "0000" })).toEqual(wrong);
      expect(yield* errorOf({ ...good, password: 1234 })).toEqual(wrong);
      expect(yield* errorOf("{")).toEqual([400, "AB1004: The body is not JSON"]);
      expect(yield* errorOf(good, { "x-privatekey": "other" })).toEqual([200, "AG8004: Invalid API Key"]);
      for (
        const header of ["x-usertype", "x-sourceid", "x-clientlocalip", "x-clientpublicip", "x-macaddress"]
      ) {
        expect(yield* errorOf(good, { [header]: undefined })).toEqual([
          200,
          `AB1004: Missing header ${header}`,
        ]);
      }
    }));

  it.effect("leaves neither PIN nor code nor token in the log", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", pin: "937154" });
      const { refreshToken } = dataOf(yield* login(sandbox, NOON));
      yield* ask(sandbox, `${PROFILE}?refreshToken=${refreshToken}`, { method: "GET" });
      const logged = JSON.stringify(sandbox.log());
      for (const secret of ["937154", codeAt(sandbox, NOON), refreshToken]) {
        expect(logged).not.toContain(secret);
      }
      expect(sandbox.log().map(({ route }) => route)).toEqual(["login", "profile"]);
    }));
});

describe("a session", () => {
  it.effect("ends at 05:00, by whatever hour it began, and is told to have expired", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      for (
        const [at, end] of [["2026-11-20 12:00:00", "2026-11-21"], ["2026-11-22 04:59:00", "2026-11-22"]]
      ) {
        const [date = "", time = ""] = at!.split(" ");
        const began = ist(date, time);
        yield* TestClock.setTime(began);
        const { jwtToken } = dataOf(yield* login(sandbox, began));
        const { exp } = JSON.parse(atob(jwtToken.split(".")[1]));
        expect(exp * 1000).toBe(ist(end!, "05:00:00"));
        yield* TestClock.setTime(ist(end!, "04:59:59"));
        expect(yield* profile(sandbox, jwtToken)).toBe("");
        yield* TestClock.setTime(ist(end!, "05:00:00"));
        expect(yield* profile(sandbox, jwtToken)).toBe("AG8002: Token Expired");
      }
    }));

  it.effect("that the sandbox began with knows no morning", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      yield* TestClock.setTime(ist("2026-11-21", "05:00:01"));
      expect(yield* profile(sandbox, sandbox.tokens.jwtToken)).toBe("");
    }));

  it.effect("is renewed by its refresh token, once, and lives on beside the new one", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const first = dataOf(yield* login(sandbox, NOON));
      const renew = (refreshToken: string) =>
        ask(sandbox, RENEW, { jwt: first.jwtToken, body: { refreshToken } });
      const second = dataOf(yield* renew(first.refreshToken));
      expect(second.jwtToken).not.toBe(first.jwtToken);
      expect(yield* profile(sandbox, first.jwtToken)).toBe("");
      expect(yield* profile(sandbox, second.jwtToken)).toBe("");
      expect((yield* renew(first.refreshToken)).error).toBe("AB8050: Invalid Refresh Token");
      yield* TestClock.setTime(ist("2026-11-21", "05:00:00"));
      expect((yield* renew(second.refreshToken)).error).toBe("AB8051: Refresh Token Expired");
    }));

  it.effect("that was killed, never was, or is not named is refused, each in its own way", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      expect(yield* profile(sandbox, "nonsense")).toBe("AG8001: Invalid Token");
      expect(yield* profile(sandbox, "")).toBe("AG8003: Token missing");
      sandbox.killToken();
      expect(yield* profile(sandbox, sandbox.tokens.jwtToken)).toBe("AB1010: AMX Session Expired");
      expect(yield* profile(sandbox, sandbox.login().jwtToken)).toBe("");
    }));
});

describe("a profile", () => {
  it.effect("is told to a GET or a POST, with the refresh token or without", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const { refreshToken } = sandbox.tokens;
      const answers = [
        yield* ask(sandbox, PROFILE, { method: "GET" }),
        yield* ask(sandbox, `${PROFILE}?refreshToken=${refreshToken}`, { method: "GET" }),
        yield* ask(sandbox, PROFILE),
        yield* ask(sandbox, PROFILE, { body: { refreshToken } }),
      ];
      for (const seen of answers) expect(dataOf(seen)).toMatchObject({ clientcode: sandbox.clientCode });
      const { error } = yield* ask(sandbox, PROFILE, { body: { refreshToken: "other" } });
      expect(error).toBe("AB8050: Invalid Refresh Token");
    }));
});
