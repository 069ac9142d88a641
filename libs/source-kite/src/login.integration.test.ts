import { jsonReply, reasonOf, type Reply, valueOf, withServer } from "@candlewick/vendor-http/testing";
import { Effect, Redacted } from "effect";
import { TestClock } from "effect/testing";
import { createHash } from "node:crypto";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { login } from "./login.ts";
import { settings } from "./settings.ts";
import { SECRETS, settingsFor } from "./testing/fixtures.ts";
import { errorReply } from "./testing/replies.ts";

const REDIRECTED = new URL("http://127.0.0.1:5173/?action=login&type=login&status=success&request_token=rt0");

const SESSION = jsonReply({
  status: "success",
  data: { access_token: "fresh", login_time: "2026-01-09 10:00:00", user_id: "XX0000" },
});

const NOON = Date.parse("2026-01-09T12:00:00+05:30");

const complete = (root: string, redirected = REDIRECTED, changes = {}) =>
  TestClock.setTime(NOON).pipe(
    Effect.andThen(login.complete(settingsFor(root, changes), redirected)),
    Effect.provide(TestClock.layer()),
    Effect.runPromiseExit,
  );

describe("login address", () => {
  it("is the vendor's page with the key of the app", async () => {
    const address = await Effect.runPromise(
      login.address(settingsFor("https://api.kite.trade", { loginRoot: settings.loginRoot.fallback! })),
    );
    expect(address).toBe("https://kite.zerodha.com/connect/login?api_key=key0&v=3");
  });

  it("can be under another host", async () => {
    const address = await Effect.runPromise(
      login.address(settingsFor("http://127.0.0.1:1", { loginRoot: "http://127.0.0.1:4000" })),
    );
    expect(address).toBe("http://127.0.0.1:4000/connect/login?api_key=key0&v=3");
  });

  it("needs the key", async () => {
    const exit = await Effect.runPromiseExit(
      login.address(settingsFor("http://127.0.0.1:1", { apiKey: undefined })),
    );
    expect(reasonOf(exit)).toMatchObject({
      _tag: "Unauthorized",
      hint: expect.stringContaining("KITE_API_KEY"),
    });
  });

  it("leaves the environment as it was", async () => {
    const environment = process.env;
    await Effect.runPromise(login.address(settingsFor("http://127.0.0.1:1")));
    expect(process.env).toBe(environment);
    expect(process.env["PATH"]).toBeDefined();
  });
});

describe("session", () => {
  it("comes for the request token and a checksum of key, token and secret, and ends at 06:00 in India", () =>
    withServer(() => SESSION, async ({ root, seen }) => {
      const { credential, expires } = valueOf(await complete(root));
      expect(Redacted.value(credential)).toBe("fresh");
      expect(expires).toBe(Date.parse("2026-01-10T06:00:00+05:30"));
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({ method: "POST", path: "/session/token" });
      expect(Object.fromEntries(new URLSearchParams(seen[0]!.body))).toEqual({
        api_key: "key0",
        request_token: "rt0",
        checksum: createHash("sha256").update(`key0rt0${SECRETS.apiSecret}`).digest("hex"),
      });
    }));

  it.each(
    [
      [
        "Unauthorized",
        "a request token that was used",
        errorReply(403, "TokenException", "Token is invalid or has expired."),
      ],
      ["Unauthorized", "a wrong key", errorReply(400, "InputException", "Invalid `api_key` or `checksum`.")],
      ["Unauthorized", "a secret of another app", errorReply(400, "InputException", "Invalid `checksum`.")],
      ["Unavailable", "a gateway's error page", {
        status: 502,
        headers: { "content-type": "text/html" },
        body: "<html>",
      }],
      ["Unavailable", "trouble at the vendor", errorReply(500, "GeneralException", "Something went wrong")],
      ["Unavailable", "silence", { then: "silence" }],
      ["Corrupt", "a page with status 200", { headers: { "content-type": "text/html" }, body: "<html>" }],
      ["Corrupt", "a session without a token", jsonReply({ status: "success", data: { user_id: "XX0000" } })],
      ["Corrupt", "no data", jsonReply({ status: "success", data: null })],
    ] satisfies ReadonlyArray<readonly [string, string, Reply]>,
  )("%s: %s", (tag, _, reply) =>
    withServer(() => reply, async ({ root }) => {
      const exit = await complete(root, REDIRECTED, { requestTimeout: 200 });
      expect(reasonOf(exit)._tag).toBe(tag);
      expect(Deno.inspect(exit, { depth: 10 })).not.toContain(SECRETS.apiSecret);
      expect(Deno.inspect(exit, { depth: 10 })).not.toContain("rt0");
    }));

  it.each([
    ["Unauthorized", "http://127.0.0.1/?status=cancelled"],
    ["Invalid", "http://127.0.0.1/?status=success"],
    ["Invalid", "http://127.0.0.1/?status=success&request_token="],
    ["Invalid", "https://kite.zerodha.com/connect/login?api_key=key0"],
  ])("%s: %s, with nothing sent", (tag, address) =>
    withServer(() => SESSION, async ({ root, seen }) => {
      expect(reasonOf(await complete(root, new URL(address)))._tag).toBe(tag);
      expect(seen).toHaveLength(0);
    }));

  it("needs the secret", () =>
    withServer(() => SESSION, async ({ root, seen }) => {
      const reason = reasonOf(await complete(root, REDIRECTED, { apiSecret: undefined }));
      expect(reason).toMatchObject({
        _tag: "Unauthorized",
        hint: expect.stringContaining("KITE_API_SECRET"),
      });
      expect(seen).toHaveLength(0);
    }));
});
