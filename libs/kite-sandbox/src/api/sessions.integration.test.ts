import { ist } from "@candlewick/pretend-exchange/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { createHash } from "node:crypto";
import type { Sandbox } from "../sandbox.ts";
import { ask, started } from "../test-client.ts";

describe("credentials", () => {
  it.effect("that are missing are bad input, wrong ones a token error", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      const missing = "InputException: Missing `api_key` or `access_token`.";
      const wrong = "TokenException: Incorrect `api_key` or `access_token`.";
      for (const path of ["/user/profile", "/instruments", "/instruments/historical/1/day"]) {
        expect(yield* ask(sandbox, path, { headers: { authorization: "" } })).toMatchObject({
          status: 400,
          error: missing,
        });
        expect(yield* ask(sandbox, path, { headers: { authorization: "Bearer x" } })).toMatchObject({
          status: 400,
          error: missing,
        });
        expect(
          yield* ask(sandbox, path, { headers: { authorization: `token other:${sandbox.accessToken}` } }),
        ).toMatchObject({ status: 403, error: wrong });
        expect(yield* ask(sandbox, path, { token: "foreign" })).toMatchObject({ status: 403, error: wrong });
      }
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(200);
    }));

  it.effect("die at six in the morning in India", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      yield* TestClock.setTime(ist("2026-11-21", "05:59:59"));
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(200);
      const token = sandbox.login();
      expect((yield* ask(sandbox, "/user/profile", { token })).status).toBe(200);
      yield* TestClock.setTime(ist("2026-11-21", "06:00:00"));
      expect((yield* ask(sandbox, "/user/profile", { token })).status).toBe(403);
      expect((yield* ask(sandbox, "/user/profile", { token: sandbox.login() })).status).toBe(200);
    }));

  it.effect("do not die in the morning when the sandbox began with them: a first run would break off", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      yield* TestClock.setTime(ist("2026-11-23", "09:00:00"));
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(200);
    }));

  it.effect("die when a new session begins or the token is killed", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const second = sandbox.login();
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(403);
      expect((yield* ask(sandbox, "/user/profile", { token: second })).status).toBe(200);
      sandbox.killToken();
      expect((yield* ask(sandbox, "/user/profile", { token: second })).status).toBe(403);
    }));

  it.effect("are asked for in the vendor's version of the API", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const answer = yield* ask(sandbox, "/user/profile", { headers: { "x-kite-version": "2" } });
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.error).toContain("X-Kite-Version");
    }));
});

describe("a login", () => {
  const exchange = (
    sandbox: Sandbox,
    requestToken: string,
    secret = sandbox.apiSecret,
    apiKey = sandbox.apiKey,
  ) =>
    ask(sandbox, "/session/token", {
      method: "POST",
      body: new URLSearchParams({
        api_key: apiKey,
        request_token: requestToken,
        checksum: createHash("sha256").update(apiKey + requestToken + secret).digest("hex"),
      }),
    });

  it.effect("in the browser leads to the redirect address, whose request token buys an access token once", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off", redirectUrl: "http://127.0.0.1:9/done?kept=1" });
      const page = yield* ask(sandbox, `/connect/login?v=3&api_key=${sandbox.apiKey}&redirect_params=a%3Db`);
      const target = new URL(page.headers.get("location") ?? "http://none");
      expect(page.status).toBe(302);
      expect(target.pathname).toBe("/done");
      expect(Object.fromEntries(target.searchParams)).toMatchObject({
        kept: "1",
        a: "b",
        status: "success",
        action: "login",
      });
      const requestToken = target.searchParams.get("request_token") ?? "";

      const session = yield* exchange(sandbox, requestToken);
      const { data } = JSON.parse(session.text);
      expect(data).toMatchObject({
        api_key: sandbox.apiKey,
        login_time: "2026-11-20 12:00:00",
        user_id: "CW0001",
      });
      expect((yield* ask(sandbox, "/user/profile")).status).toBe(403);
      expect((yield* ask(sandbox, "/user/profile", { token: data.access_token })).status).toBe(200);
      expect((yield* exchange(sandbox, requestToken)).error).toBe(
        "TokenException: Token is invalid or has expired.",
      );
    }));

  it.effect("without a redirect address shows the request token", () =>
    Effect.gen(function* () {
      const sandbox = yield* started();
      const page = yield* ask(sandbox, `/connect/login?v=3&api_key=${sandbox.apiKey}`);
      const requestToken = /request_token=(\w+)/.exec(page.text)?.[1] ?? "";
      expect((yield* exchange(sandbox, requestToken)).status).toBe(200);
      expect((yield* ask(sandbox, "/connect/login?v=3&api_key=other")).error).toBe(
        "InputException: Invalid `api_key`.",
      );
    }));

  it.effect("with a wrong checksum, key or an old request token is refused", () =>
    Effect.gen(function* () {
      const sandbox = yield* started({ limits: "off" });
      expect((yield* exchange(sandbox, sandbox.issueRequestToken(), "guess")).error).toBe(
        "InputException: Invalid `checksum`.",
      );
      expect((yield* exchange(sandbox, sandbox.issueRequestToken(), "s", "other")).error).toBe(
        "InputException: Invalid `api_key`.",
      );
      expect(yield* exchange(sandbox, "never issued")).toMatchObject({ status: 403 });
      expect((yield* ask(sandbox, "/session/token", { method: "POST" })).status).toBe(400);
      const old = sandbox.issueRequestToken();
      yield* TestClock.adjust("6 minutes");
      expect((yield* exchange(sandbox, old)).error).toBe("TokenException: Token is invalid or has expired.");
    }));
});
