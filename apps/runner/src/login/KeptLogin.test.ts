import { Login } from "@candlewick/core";
import { Effect, Logger, Redacted } from "effect";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { Secrets } from "../log/Secrets.ts";
import { temporaryFolder } from "../testing/folders.ts";
import { pathOf } from "./Credentials.ts";
import { keptLogin } from "./KeptLogin.ts";

const login: Login.Login = {
  tokens: { access: Redacted.make("access-token-1"), refresh: Redacted.make("refresh-token-1") },
  expires: 1_700_000_000_000,
};

const plain = (kept: Login.Login | undefined) =>
  kept === undefined ? undefined : {
    expires: kept.expires,
    tokens: Object.fromEntries(
      Object.entries(kept.tokens).map(([name, token]) => [name, Redacted.value(token)]),
    ),
  };

const listening = async <A>(effect: Effect.Effect<A>) => {
  const said: Array<string> = [];
  const value = await Effect.runPromise(
    Effect.provideService(
      effect,
      Logger.CurrentLoggers,
      new Set([Logger.make((log) => said.push(String(log.message)))]),
    ),
  );
  return { value, said };
};

describe("the login of a source that logs in by itself", () => {
  it("is found by the next process, readable by the user alone, and hidden from output from then on", async () => {
    using folder = temporaryFolder();
    const first = { state: folder.path, secrets: new Secrets() };
    await Effect.runPromise(keptLogin(first, "vendor").save(login));
    if (Deno.build.os !== "windows") {
      expect(statSync(pathOf(folder.path, "vendor")).mode & 0o777).toBe(0o600);
    }
    const second = { state: folder.path, secrets: new Secrets() };
    const kept = await Effect.runPromise(keptLogin(second, "vendor").load);
    expect(plain(kept)).toEqual(plain(login));
    for (const { secrets } of [first, second]) {
      expect(secrets.hide("sent access-token-1, then refresh-token-1")).toBe("sent <secret>, then <secret>");
    }
  });

  it("is absent at first, and after it was dropped", async () => {
    using folder = temporaryFolder();
    const kept = keptLogin({ state: folder.path, secrets: new Secrets() }, "vendor");
    expect(await Effect.runPromise(kept.load)).toBeUndefined();
    await Effect.runPromise(Effect.andThen(kept.save(login), kept.save(undefined)));
    expect(await Effect.runPromise(kept.load)).toBeUndefined();
    await Effect.runPromise(kept.save(undefined));
  });

  it.each(["no json", `{"credential":"no map","expires":1}`, `{"credential":"{\\"a\\":1}","expires":1}`])(
    "a file that holds %s is said to be replaced, and takes a new one",
    async (text) => {
      using folder = temporaryFolder();
      const path = pathOf(folder.path, "vendor");
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode: 0o600 });
      const kept = keptLogin({ state: folder.path, secrets: new Secrets() }, "vendor");
      const { said, value } = await listening(kept.load);
      expect(value).toBeUndefined();
      expect(said.join()).toContain(path);
      await Effect.runPromise(kept.save(login));
      expect(plain(await Effect.runPromise(kept.load))).toEqual(plain(login));
    },
  );

  it("that cannot be kept costs a new login next time, and is said", async () => {
    using folder = temporaryFolder({ credentials: "a file where the folder should be" });
    const kept = keptLogin({ state: folder.path, secrets: new Secrets() }, "vendor");
    const { said } = await listening(kept.save(login));
    expect(said.join()).toContain("the next run logs in again");
    expect(said.join()).not.toContain("token-1");
  });
});
