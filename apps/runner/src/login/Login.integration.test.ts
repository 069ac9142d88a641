import { PluginError } from "@candlewick/core";
import { Cause, Effect, Exit, Fiber, Queue, Redacted, Scope, Stream } from "effect";
import { TestClock } from "effect/testing";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sandboxProcess } from "../../e2e/workspace.ts";
import { open, type Project } from "../project/Project.ts";
import { ExitCode, Refusal } from "../Refusal.ts";
import { packageWithOurPlugins, temporaryFolder, writeFiles } from "../testing/folders.ts";
import { pathOf, read } from "./Credentials.ts";
import { login, type LoginOptions } from "./Login.ts";

const { runPromise } = Effect;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

let scope: Scope.Closeable;
let port: number;
/** Settings of the source, as the sandbox prints them. */
let vendor: Readonly<Record<string, string>>;

beforeAll(async () => {
  port = await freePort();
  scope = Scope.makeUnsafe();
  vendor = await runPromise(
    Scope.provide(
      sandboxProcess("kite-sandbox", ["--redirect", `http://127.0.0.1:${port}/`, "--no-limits"]),
      scope,
    ),
  );
});
afterAll(() => runPromise(Scope.close(scope, Exit.void)));

let place: ReturnType<typeof temporaryFolder>;
let folder: string;
beforeEach(() => {
  place = temporaryFolder();
  folder = place.path;
  writeFiles(folder, { "package.json": packageWithOurPlugins(folder) });
});
afterEach(() => place[Symbol.dispose]());

const variables = (): Record<string, string> => ({
  KITE_API_KEY: vendor["apiKey"]!,
  KITE_API_SECRET: vendor["apiSecret"]!,
  KITE_ROOT: vendor["root"]!,
  KITE_LOGIN_ROOT: vendor["loginRoot"]!,
});

const project = (environment: Readonly<Record<string, string>> = variables()): Promise<Project> =>
  runPromise(open(folder, (name) => environment[name]));

const started: Array<Fiber.Fiber<unknown, unknown>> = [];
afterEach(() => runPromise(Fiber.interruptAll(started.splice(0))));

/** A login under way, with what it has shown so far. */
const begin = (options: Pick<LoginOptions, "project"> & Partial<LoginOptions>) => {
  const shown: Array<string> = [];
  const ready = Promise.withResolvers<void>();
  const fiber = Effect.runFork(login({
    port,
    pasted: Stream.empty,
    timeZone: "UTC",
    ...options,
    say: (line) => {
      shown.push(line);
      if (line.startsWith("Waiting")) ready.resolve();
    },
  }));
  started.push(fiber);
  const ended = runPromise(Fiber.await(fiber));
  const address = (): string => shown[shown.indexOf("Open in a browser:") + 1]!.trim();
  return { shown, ended, ready: Promise.race([ready.promise, ended]), address };
};

const redirect = (query: string) => fetch(`http://127.0.0.1:${port}/?${query}`).then((page) => page.text());

const failureOf = (exit: Exit.Exit<unknown, unknown>): unknown =>
  Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined;

const kept = (): unknown => JSON.parse(readFileSync(pathOf(join(folder, ".candlewick"), "kite"), "utf8"));

/** Whether the vendor takes a credential. */
const isTaken = async (accessToken: string): Promise<boolean> => {
  const profile = await fetch(`${vendor["root"]}/user/profile`, {
    headers: { "x-kite-version": "3", authorization: `token ${vendor["apiKey"]}:${accessToken}` },
  });
  await profile.body?.cancel();
  return profile.ok;
};

describe("logging in", () => {
  it("goes through the vendor's page and its redirect, and keeps a credential that the vendor takes", async () => {
    const { shown, ended, ready, address } = begin({ project: await project() });
    await ready;
    expect(shown).toContain(`  http://127.0.0.1:${port}/`);
    const page = await fetch(address());
    expect(await page.text()).toContain("<h1>Logged in</h1>");
    expect(await ended).toEqual(Exit.succeed(ExitCode.done));

    const { credential, expires } = kept() as { credential: string; expires: number };
    expect(await isTaken(credential)).toBe(true);
    expect(new Date(expires).toISOString()).toMatch(/T00:30:00.000Z$/);
    expect(expires - Date.now()).toBeGreaterThan(0);
    const path = pathOf(join(folder, ".candlewick"), "kite");
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    expect(shown.join("\n")).toMatch(/until \w+, .* 06:00 Asia\/Kolkata \(\w+, .* 00:30 UTC\)\./);
    expect(shown.at(-1)).toBe("It is kept in .candlewick/credentials/kite.json, readable by you alone.");
    expect(shown.join("\n")).not.toContain(credential);
    expect(shown.join("\n")).not.toContain(vendor["apiSecret"]);
  });

  it("again takes the place of the first", async () => {
    const once = async () => {
      const { ended, ready, address } = begin({ project: await project() });
      await ready;
      await (await fetch(address())).text();
      expect(await ended).toEqual(Exit.succeed(ExitCode.done));
      return (kept() as { credential: string }).credential;
    };
    const [first, second] = [await once(), await once()];
    expect(second).not.toBe(first);
    expect([await isTaken(first), await isTaken(second)]).toEqual([false, true]);
  });

  it("takes a pasted address, and asks again for what is none", async () => {
    const lines = await runPromise(Queue.unbounded<string>());
    const { shown, ended, ready, address } = begin({
      project: await project(),
      pasted: Stream.fromQueue(lines),
    });
    await ready;
    const moved = await fetch(address(), { redirect: "manual" });
    await moved.body?.cancel();
    Queue.offerUnsafe(lines, "");
    Queue.offerUnsafe(lines, "yes");
    Queue.offerUnsafe(lines, address());
    Queue.offerUnsafe(lines, ` "${moved.headers.get("location")}"\r`);
    expect(await ended).toEqual(Exit.succeed(ExitCode.done));
    const asked = shown.filter((line) => /^(That is no address|Not yet)/.test(line));
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain("That is no address");
    expect(asked[1]).toContain("the address holds no request_token");
    expect(await isTaken((kept() as { credential: string }).credential)).toBe(true);
  });

  it("goes on after a visit that brings no token", async () => {
    const { shown, ended, ready, address } = begin({ project: await project() });
    await ready;
    expect(await redirect("hello=world")).toContain("Not logged in");
    expect(await (await fetch(address())).text()).toContain("Logged in");
    expect(await ended).toEqual(Exit.succeed(ExitCode.done));
    expect(shown.filter((line) => line.startsWith("Not yet"))).toHaveLength(1);
  });

  it("takes settings from .env and config/config.json, too", async () => {
    writeFiles(folder, {
      ".env": `SECRET=${vendor["apiSecret"]}\nKITE_ROOT=${vendor["root"]}\n`,
      "config/config.json": {
        source: "kite",
        sources: {
          kite: {
            apiKey: vendor["apiKey"],
            apiSecret: "${SECRET}",
            loginRoot: vendor["loginRoot"],
            root: "http://x",
          },
        },
      },
    });
    const { ended, ready, address } = begin({ project: await project({}) });
    await ready;
    await (await fetch(address())).text();
    expect(await ended).toEqual(Exit.succeed(ExitCode.done));
  });

  it("says when a variable that is set counts more", async () => {
    const { shown, ended, ready, address } = begin({
      project: await project({ ...variables(), KITE_ACCESS_TOKEN: "older" }),
    });
    await ready;
    await (await fetch(address())).text();
    await ended;
    expect(shown.at(-1)).toContain("environment variable KITE_ACCESS_TOKEN");
    expect(shown.at(-1)).not.toContain("older");
  });
});

describe("a login that fails", () => {
  /** Nothing is kept, and what was kept before stays. */
  const before = { credential: "before", expires: 1 };
  beforeEach(() => {
    writeFiles(folder, { ".candlewick/credentials/kite.json": before });
  });
  afterEach(() => expect(kept()).toEqual(before));

  const refusedWith = async (query: string) => {
    const { ended, ready } = begin({ project: await project() });
    await ready;
    const page = await redirect(query);
    const error = failureOf(await ended);
    expect(page).toContain("<h1>Not logged in</h1>");
    expect(PluginError.isPluginError(error) ? error.reason._tag : error).toBe("Unauthorized");
    return String(error);
  };

  it("because the vendor refuses the token", async () => {
    const message = await refusedWith("status=success&request_token=sesame&action=login");
    expect(message).toContain("Token is invalid or has expired");
    expect(message).not.toContain("sesame");
  });

  it("because the user cancelled at the vendor's", async () => {
    expect(await refusedWith("status=cancelled&action=login")).toContain("cancelled");
  });

  it("because the secret is not that of the app", async () => {
    const { ended, ready, address } = begin({
      project: await project({ ...variables(), KITE_API_SECRET: "sesame" }),
    });
    await ready;
    expect(await (await fetch(address())).text()).toContain("Not logged in");
    const error = failureOf(await ended);
    expect(String(error)).toContain("checksum");
    expect(String(error)).not.toContain("sesame");
  });

  it("because nobody logs in for ten minutes", async () => {
    const exit = await Effect.gen(function* () {
      const ready = yield* Queue.unbounded<void>();
      const fiber = yield* Effect.forkChild(login({
        project: yield* Effect.promise(() => project()),
        port,
        pasted: Stream.never,
        say: (line) => {
          if (line.startsWith("Waiting")) Queue.offerUnsafe(ready, undefined);
        },
      }));
      yield* Queue.take(ready);
      yield* TestClock.adjust("9 minutes");
      expect(fiber.pollUnsafe()).toBeUndefined();
      yield* TestClock.adjust("61 seconds");
      return yield* Fiber.await(fiber);
    }).pipe(Effect.provide(TestClock.layer()), runPromise);
    const error = failureOf(exit);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ code: ExitCode.unauthorised });
    expect(String((error as Refusal).message)).toContain("no login came within 10 minutes");
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it("because there is no app", async () => {
    const { ended } = begin({ project: await project({}) });
    const error = failureOf(await ended);
    expect(PluginError.isPluginError(error) && error.reason).toMatchObject({
      _tag: "Unauthorized",
      hint: expect.stringContaining("KITE_API_KEY"),
    });
  });

  it("because the source is none", async () => {
    const { ended } = begin({ project: await project(), source: "kiet" });
    expect(failureOf(await ended)).toMatchObject({
      code: ExitCode.refused,
      problems: ['--source=kiet: there is angelone, kite; did you mean "kite"?'],
    });
  });

  it("because a setting is wrong", async () => {
    const { ended } = begin({ project: await project({ ...variables(), KITE_ROOT: "kite" }) });
    expect(failureOf(await ended)).toMatchObject({
      code: ExitCode.refused,
      problems: ['environment variable KITE_ROOT: expected an http or https address, got "kite"'],
    });
  });

  it("because the user ends it, with the port free again", async () => {
    const ready = Promise.withResolvers<void>();
    const fiber = Effect.runFork(login({
      project: await project(),
      port,
      pasted: Stream.never,
      say: (line) => line.startsWith("Waiting") && ready.resolve(),
    }));
    await ready.promise;
    fiber.interruptUnsafe();
    const exit = await runPromise(Fiber.await(fiber));
    expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});

it("keeps what a run then finds", async () => {
  const { ended, ready, address } = begin({ project: await project() });
  await ready;
  await (await fetch(address())).text();
  await ended;
  const { credential } = await runPromise(read(join(folder, ".candlewick"), "kite"));
  expect(credential._tag === "Some" && Redacted.value(credential.value.credential)).toBe(
    (kept() as { credential: string }).credential,
  );
});
