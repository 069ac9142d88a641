import { Effect, Logger, Option, Redacted } from "effect";
import { TestClock } from "effect/testing";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Plugin, PluginError, Setting } from "@candlewick/core";
import { pretendInfo } from "@candlewick/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { store } from "./Credentials.ts";
import { storedLogin, storedLogins } from "./StoredLogin.ts";

const EXPIRES = Date.parse("2026-01-10T06:00:00+05:30");
const setting = Setting.secret({ description: "token" });

let state: string;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), "candlewick-login-"));
  await Effect.runPromise(store(state, "vendor", { credential: Redacted.make("token"), expires: EXPIRES }));
});
afterEach(() => rmSync(state, { recursive: true }));

const at = (now: number, source = "vendor") =>
  Effect.runPromise(storedLogin({ state }, source, "accessToken", now));

describe("a stored login", () => {
  it("gives its setting the credential until the instant it ends, and names its file", async () => {
    const { layer, expired } = await at(EXPIRES - 1);
    expect(layer("accessToken", setting)).toEqual({
      value: "token",
      origin: join(state, "credentials/vendor.json"),
    });
    expect(layer("apiKey", setting)).toBeUndefined();
    expect(Option.isNone(expired)).toBe(true);
  });

  it("gives nothing from then on, and says when it ended", async () => {
    const { layer, expired } = await at(EXPIRES);
    expect(layer("accessToken", setting)).toBeUndefined();
    expect(expired).toEqual(Option.some(EXPIRES));
  });

  it("gives nothing where nobody logged in", async () => {
    const { layer, expired } = await at(EXPIRES - 1, "other");
    expect(layer("accessToken", setting)).toBeUndefined();
    expect(Option.isNone(expired)).toBe(true);
  });
});

describe("the logins of a run", () => {
  const refused = new PluginError.PluginError({
    plugin: "vendor",
    operation: "start",
    reason: new PluginError.Invalid({ message: "not here" }),
  });
  const plugin = (withLogin: boolean) =>
    Plugin.source({
      id: "vendor",
      summary: "",
      settings: { accessToken: setting },
      credentials: ["accessToken"],
      howToLogIn: "",
      info: () => pretendInfo,
      make: () => Effect.fail(refused),
      ...(withLogin
        ? {
          login: {
            setting: "accessToken",
            address: () => Effect.fail(refused),
            complete: () => Effect.fail(refused),
          },
        }
        : {}),
    }) as Plugin.SourcePlugin;

  const layersAt = async (now: number, withLogin = true) => {
    const logged: Array<unknown> = [];
    const layers = await TestClock.setTime(now).pipe(
      Effect.andThen(storedLogins({ state })(plugin(withLogin))),
      Effect.provide(TestClock.layer()),
      Effect.provide(Logger.layer([Logger.make(({ message }) => {
        logged.push(message);
      })])),
      Effect.runPromise,
    );
    return { given: layers.map((layer) => layer("accessToken", setting)), logged: String(logged) };
  };

  it("are told by the clock", async () => {
    expect(await layersAt(EXPIRES - 1)).toMatchObject({ given: [{ value: "token" }], logged: "" });
    expect(await layersAt(EXPIRES)).toEqual({
      given: [undefined],
      logged: "the kept login to vendor ended at 2026-01-10T00:30Z; nx run runner:login makes a new one",
    });
  });

  it("are none for a source without a login", async () => {
    expect(await layersAt(EXPIRES - 1, false)).toEqual({ given: [], logged: "" });
  });

  it("come with a warning when others can read them", async () => {
    chmodSync(join(state, "credentials/vendor.json"), 0o644);
    expect((await layersAt(EXPIRES - 1)).logged).toContain("chmod 600");
  });
});
