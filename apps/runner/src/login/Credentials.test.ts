import { Cause, Effect, Exit, Option, Redacted } from "effect";
import fc from "fast-check";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExitCode, Refusal } from "../Refusal.ts";
import { pathOf, read, store } from "./Credentials.ts";

const { runPromise, runPromiseExit } = Effect;

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "candlewick-login-"));
});
afterEach(() => rmSync(state, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const put = (text: string, permissions = 0o600): string => {
  const path = pathOf(state, "kite");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, permissions);
  return path;
};

const refusalOf = (exit: Exit.Exit<unknown, Refusal>): Refusal => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined;
  if (error instanceof Refusal) return error;
  throw new Error(`no refusal: ${Deno.inspect(exit)}`);
};

describe("a kept login", () => {
  it("comes back as it was given, whatever is in it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1 }),
        fc.maxSafeInteger(),
        async (credential, expires) => {
          const kept = await runPromise(
            store(state, "kite", { credential: Redacted.make(credential), expires }).pipe(
              Effect.andThen(read(state, "kite")),
            ),
          );
          expect(kept.warnings).toEqual([]);
          const login = Option.getOrThrow(kept.credential);
          expect(Redacted.value(login.credential)).toBe(credential);
          expect(login.expires).toBe(expires);
        },
      ),
      { numRuns: 100 },
    ));

  it("is readable by its owner alone, whatever the process's mask", async () => {
    const before = process.umask(0);
    try {
      const path = await runPromise(
        store(join(state, "new"), "kite", { credential: Redacted.make("x"), expires: 1 }),
      );
      expect([mode(path), mode(dirname(path))]).toEqual(["600", "700"]);
      expect(mode(join(state, "new"))).toBe("700");
    } finally {
      process.umask(before);
    }
  });

  it("is readable by its owner alone, also where its folder was open to others", async () => {
    const folder = join(state, "credentials");
    mkdirSync(folder, { mode: 0o777 });
    chmodSync(folder, 0o777);
    const path = await runPromise(store(state, "kite", { credential: Redacted.make("secret"), expires: 1 }));
    expect(path).toBe(join(folder, "kite.json"));
    expect([mode(folder), mode(path)]).toEqual(["700", "600"]);
  });

  it("takes the place of the one before, with its permissions mended and no other file left", async () => {
    const path = put("rubbish", 0o644);
    await runPromise(store(state, "kite", { credential: Redacted.make("new"), expires: 2 }));
    expect(mode(path)).toBe("600");
    expect(readdirSync(dirname(path))).toEqual(["kite.json"]);
    const { credential } = await runPromise(read(state, "kite"));
    expect(Redacted.value(Option.getOrThrow(credential).credential)).toBe("new");
  });

  it("belongs to one source", async () => {
    await runPromise(store(state, "kite", { credential: Redacted.make("secret"), expires: 1 }));
    const other = await runPromise(read(state, "angelone"));
    expect(Option.isNone(other.credential)).toBe(true);
  });

  it("leaves what was there when it cannot be written, and no draft", async () => {
    const path = pathOf(state, "kite");
    mkdirSync(path, { recursive: true });
    const exit = await runPromiseExit(
      store(state, "kite", { credential: Redacted.make("sesame"), expires: 1 }),
    );
    const refusal = refusalOf(exit);
    expect(refusal.code).toBe(ExitCode.failed);
    expect(refusal.message).toContain(path);
    expect(refusal.message).not.toContain("sesame");
    expect(readdirSync(dirname(path))).toEqual(["kite.json"]);
  });
});

describe("reading", () => {
  it("finds none where nobody logged in", async () => {
    const { credential, warnings } = await runPromise(read(state, "kite"));
    expect(Option.isNone(credential)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it.each([0o640, 0o604, 0o620, 0o666])("warns of mode %o, with the way out", async (permissions) => {
    const path = put('{"credential":"secret","expires":1}', permissions);
    const { warnings, credential } = await runPromise(read(state, "kite"));
    expect(warnings).toEqual([
      `${path} can be read or changed by other users of this machine; run chmod 600 ${path}`,
    ]);
    expect(Option.isSome(credential)).toBe(true);
  });

  it.each([
    "",
    "sesame",
    "null",
    "[]",
    '"sesame"',
    '{"credential":"sesame"}',
    '{"credential":"sesame","expires":"tomorrow"}',
    '{"credential":"sesame","expires":1.5}',
    '{"credential":"","expires":1}',
    '{"credential":"sesame","expires":1',
  ])("refuses %j, names the file and the way out, and shows nothing of it", async (text) => {
    const path = put(text);
    const refusal = refusalOf(await runPromiseExit(read(state, "kite")));
    expect(refusal.code).toBe(ExitCode.refused);
    expect(refusal.message).toContain(`${path} holds no login`);
    expect(refusal.message).toContain(`delete ${path}, then log in again`);
    expect(refusal.message).not.toContain("sesame");
  });

  it("refuses a folder in its place", async () => {
    const path = pathOf(state, "kite");
    mkdirSync(path, { recursive: true });
    expect(refusalOf(await runPromiseExit(read(state, "kite"))).message).toContain(path);
  });
});
