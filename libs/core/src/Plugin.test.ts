import { expect, it } from "@effect/vitest";
import { Effect, Redacted } from "effect";
import * as Plugin from "./Plugin.ts";
import * as Setting from "./Setting.ts";
import { plugin as exampleDag } from "./testing/dag/example.ts";
import { plugin as exampleSource } from "./testing/source/example/source.ts";
import { memorySink } from "./testing/memorySink.ts";
import { pretendInfo, pretendSource } from "./testing/pretendSource.ts";

const settings = {
  token: Setting.secret({ description: "token" }),
  size: Setting.int({ description: "size" }),
};

it("any plugin is a plugin, whatever its settings", () => {
  const sink = Plugin.sink({ id: "memory", summary: "Memory", settings, make: () => memorySink() });
  const sandbox = Plugin.sandbox({
    id: "toy",
    for: "example",
    summary: "Toy",
    acquire: Effect.succeed({ settings: {}, parameters: {}, description: "a toy market" }),
  });
  const all: ReadonlyArray<Plugin.Plugin> = [exampleSource, exampleDag, sink, sandbox];
  expect(all.map((plugin) => plugin.kind)).toEqual(["source", "dag", "sink", "sandbox"]);
  const source: Plugin.SourcePlugin = exampleSource;
  const dag: Plugin.DagPlugin = exampleDag;
  const store: Plugin.SinkPlugin = sink;
  expect([source.id, dag.id, store.id]).toEqual(["example", "example", "memory"]);
});

it("credentials are settings of the plugin", () => {
  const parts = {
    id: "x",
    summary: "X",
    settings,
    howToLogIn: "log in",
    info: () => pretendInfo,
    make: () => Effect.succeed(pretendSource({}).services),
  };
  const login = {
    address: () => Effect.succeed("https://example.com"),
    complete: () => Effect.succeed({ credential: Redacted.make("token"), expires: 0 }),
  };
  const plugin = Plugin.source({ ...parts, credentials: ["token"], login: { ...login, setting: "token" } });
  expect(plugin.login?.setting).toBe("token");
  // @ts-expect-error a credential that is no setting
  Plugin.source({ ...parts, credentials: ["absent"] });
});
