import { Plugin, PluginError, RunEvent, Setting } from "@candlewick/core";
import { noContext, pretendInfo } from "@candlewick/core/testing";
import { Effect, Exit, Fiber, Logger, Redacted, type Scope } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import { open, type Project } from "../project/Project.ts";
import { temporaryFolder, writeFiles } from "../testing/folders.ts";
import { patienceOf } from "./Patience.ts";
import { renewal, waysToLogIn } from "./Renewal.ts";

const settings = {
  user: Setting.optionalText({ description: "user" }),
  token: Setting.secret({ description: "token" }),
};

const refusal = new PluginError.PluginError({
  plugin: "vendor",
  operation: "candles",
  reason: new PluginError.Unauthorized({ message: "no", hint: "log in" }),
});

/** A source that tells which tokens it was made with, and which of those are closed. */
const vendor = () => {
  const made: Array<string> = [];
  const closed: Array<string> = [];
  const plugin = Plugin.source({
    id: "vendor",
    summary: "",
    settings,
    credentials: ["user", "token"],
    howToLogIn: "ask them",
    info: () => pretendInfo,
    login: {
      setting: "token",
      address: () => Effect.succeed(""),
      complete: () => Effect.die("not used"),
    },
    make: ({ token }) => {
      const text = token === undefined ? "" : Redacted.value(token);
      if (text === "unusable") return Effect.fail(refusal);
      return Effect.acquireRelease(
        Effect.sync(() => {
          made.push(text);
          return { session: { info: pretendInfo, authenticate: Effect.void } };
        }),
        () => Effect.sync(() => void closed.push(text)),
      );
    },
  });
  return { plugin, made, closed };
};

interface Place {
  readonly project: Project;
  readonly write: (files: Readonly<Record<string, unknown>>) => void;
  readonly made: ReadonlyArray<string>;
  readonly closed: ReadonlyArray<string>;
  readonly events: ReadonlyArray<RunEvent.RunEvent>;
  readonly renew: Plugin.Renew;
}

/** A run whose token `one` stands in `.env`, put into the environment by the launcher, on the clock of a test. */
const inRun = async <A>(
  patience: number,
  body: (place: Place) => Effect.Effect<A, never, Scope.Scope>,
  environment: Readonly<Record<string, string>> = { VENDOR_TOKEN: "one" },
) => {
  using folder = temporaryFolder({
    "package.json": { workspaces: [] },
    ".env": "VENDOR_USER=ann\nVENDOR_TOKEN=one\n",
  });
  const events: Array<RunEvent.RunEvent> = [];
  const { plugin, made, closed } = vendor();
  const value = await Effect.runPromise(
    Effect.gen(function* () {
      const project = yield* open(folder.path, (name) => environment[name]);
      const values = { user: "ann", token: Redacted.make("one") };
      const services = yield* plugin.make(values, noContext);
      const renew = yield* renewal(project, { plugin, services, values }, patience);
      return yield* body({
        project,
        write: (files) => writeFiles(folder.path, files),
        made,
        closed,
        events,
        renew,
      });
    }).pipe(
      Effect.scoped,
      Effect.provideService(RunEvent.RunEvents, {
        publish: (event) => Effect.sync(() => void events.push(event)),
      }),
      Effect.provide([TestClock.layer(), Logger.layer([])]),
    ),
  );
  return { value, made, closed, events: events.map(({ _tag }) => _tag) };
};

const env = (token: string) => ({ ".env": `VENDOR_USER=ann\nVENDOR_TOKEN=${token}\n` });
const kept = (token: string) => ({
  ".candlewick/credentials/vendor.json": { credential: token, expires: 9_000_000_000_000 },
});

describe("a login that the vendor refuses", () => {
  it("gives way to another that stands in the files, without a pause and without patience", async () => {
    const { made, closed, events } = await inRun(0, ({ renew, write }) => {
      write(env("two"));
      return renew(refusal, true);
    });
    expect(made).toEqual(["one", "two"]);
    expect(closed.toSorted()).toEqual(["one", "two"]);
    expect(events).toEqual([]);
  });

  it("is let go of at once without patience, when there is no other", async () => {
    const { value, events } = await inRun(0, ({ renew }) => renew(refusal, true));
    expect(value).toBeUndefined();
    expect(events).toEqual([]);
  });

  it.each([
    [".env", env("two")],
    ["the kept login, though .env has the refused one", kept("two")],
    ["the configuration", {
      ".env": "VENDOR_USER=ann\n",
      "config/config.json": { sources: { vendor: { token: "two" } } },
    }],
  ])("waits for another: %s", async (_, files) => {
    const { made, events } = await inRun(60_000, ({ renew, write, made }) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(renew(refusal, true));
        yield* TestClock.adjust(5_000);
        expect(made).toEqual(["one"]);
        write(files);
        yield* TestClock.adjust(1_000);
        expect(yield* Fiber.join(fiber)).toBeDefined();
      }));
    expect(made).toEqual(["one", "two"]);
    expect(events).toEqual(["Paused", "Resumed"]);
  });

  it("a variable of the environment that was refused does not stand in the way of a kept login", async () => {
    const { made } = await inRun(0, ({ renew, write }) => {
      write({ ...kept("two"), ".env": "VENDOR_USER=ann\n" });
      return renew(refusal, true);
    }, { VENDOR_TOKEN: "one" });
    expect(made).toEqual(["one", "two"]);
  });

  it("is not taken again, nor one that cannot be used, nor a file that is half written", async () => {
    const { made, value } = await inRun(10_000, ({ renew, write }) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(renew(refusal, true));
        for (
          const files of [
            env("one"),
            env("unusable"),
            { ".candlewick/credentials/vendor.json": '{ "credential": "tw' },
            { "config/config.json": '{ "sources": {' },
          ]
        ) {
          write(files);
          yield* TestClock.adjust(2_000);
        }
        yield* TestClock.adjust(2_000);
        return yield* Fiber.join(fiber);
      }));
    expect(value).toBeUndefined();
    expect(made).toEqual(["one"]);
  });

  it("the wait is one for several refusals, until a login has been good", async () => {
    await inRun(10_000, ({ renew, write, events }) =>
      Effect.gen(function* () {
        const pause = (seconds: number, wasAccepted: boolean, token?: string) =>
          Effect.gen(function* () {
            const fiber = yield* Effect.forkChild(renew(refusal, wasAccepted));
            yield* TestClock.adjust(seconds * 1_000);
            if (token !== undefined) write(env(token));
            yield* TestClock.adjust(1_000);
            return fiber;
          });
        expect(yield* Fiber.join(yield* pause(5, true, "two"))).toBeDefined();
        // `two` is refused at once: four seconds are left.
        expect(yield* Fiber.join(yield* pause(4, false))).toBeUndefined();
        expect(yield* renew(refusal, false)).toBeUndefined();
        // Had it been good for a while, the next pause would be as long as the first.
        const fiber = yield* pause(8, true, "three");
        expect(yield* Fiber.join(fiber)).toBeDefined();
        expect(events.map(({ _tag }) => _tag)).toEqual(
          ["Paused", "Resumed", "Paused", "Resumed", "Paused", "Resumed"],
        );
      }));
  });

  it("an interruption ends the wait", async () => {
    const { value } = await inRun(60_000, ({ renew }) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(renew(refusal, true));
        yield* TestClock.adjust(5_000);
        yield* Fiber.interrupt(fiber);
        return yield* Fiber.await(fiber);
      }));
    expect(Exit.isFailure(value)).toBe(true);
  });

  it("what it brings is hidden from then on", async () => {
    await inRun(0, ({ renew, write, project }) =>
      Effect.gen(function* () {
        write(env("unmistakable"));
        yield* renew(refusal, true);
        expect(project.secrets.hide("an unmistakable text")).toBe("an <secret> text");
      }));
  });
});

it("the way to log in names the source unless it is the default, and what the vendor says where there is no login page", () => {
  const { plugin } = vendor();
  expect(waysToLogIn(plugin, true)).toContain("  nx run runner:login");
  expect(waysToLogIn(plugin, false)).toContain("  nx run runner:login --source=vendor");
  const { login: _, ...without } = plugin;
  expect(waysToLogIn(without, true)).toEqual(["To go on: ask them."]);
});

describe("how long a run waits", () => {
  it.each([
    [{ waitForLogin: 1 }, { waitForLogin: 2 }, true, 1],
    [{}, { waitForLogin: 2 }, false, 2],
    [{ waitForLogin: 0 }, {}, true, 0],
    [{}, {}, true, 15 * 60_000],
    [{}, {}, false, 0],
  ])(
    "asked %j, configured %j, at a terminal %s: %d ms",
    (asked, configured, isTerminal, expected) =>
      expect(patienceOf(asked, configured, { isTerminal })).toBe(expected),
  );
});
