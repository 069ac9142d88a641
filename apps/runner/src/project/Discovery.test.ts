import { Cause, Effect, Exit } from "effect";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files, pluginPackage, temporaryFolder } from "../testing/folders.ts";
import { discover, ofKind } from "./Discovery.ts";
import { load } from "./Load.ts";

const project = (files: Files, workspaces: unknown = ["libs/*"]) =>
  temporaryFolder({ "package.json": { name: "mine", workspaces }, ...files });

const ids = ({ declared }: ReturnType<typeof discover>) =>
  declared.map(({ manifest }) => `${manifest.kind} ${manifest.id}`).sort();

describe("discovery", () => {
  it("finds the plugins of the workspace, whatever else is in it", () => {
    using place = project({
      "libs/source-a/package.json": pluginPackage("source", "a"),
      "libs/sink-b/package.json": pluginPackage("sink", "b"),
      "libs/no-plugin/package.json": { name: "@mine/no-plugin" },
      "libs/other-field/package.json": { name: "@mine/other-field", candlewick: { sink: "b" } },
      "libs/broken/package.json": "{",
      "libs/nameless/package.json": { candlewick: { kind: "source", id: "x" } },
      "libs/empty/README.md": "",
      "elsewhere/package.json": pluginPackage("source", "elsewhere"),
    });
    const found = discover(place.path, []);
    expect(found.problems).toEqual([]);
    expect(ids(found)).toEqual(["sink b", "source a"]);
    expect(ofKind(found.declared, "sink").map(({ packageName }) => packageName)).toEqual(["@mine/sink-b"]);
  });

  it.each([
    [["libs/a"], ["source a"]],
    [["./libs/a/"], ["source a"]],
    [{ packages: ["libs/*"] }, ["source a", "source b"]],
    [["libs/*", "libs/a"], ["source a", "source b"]],
    [["absent/*", "absent"], []],
    ["libs/*", []],
    [null, []],
  ])("reads workspaces %j", (workspaces, expected) => {
    using place = project({
      "libs/a/package.json": pluginPackage("source", "a"),
      "libs/b/package.json": pluginPackage("source", "b"),
    }, workspaces);
    expect(ids(discover(place.path, []))).toEqual(expected);
  });

  it("finds installed packages that the configuration names, also above the project and linked ones", () => {
    using place = temporaryFolder({
      "node_modules/above/package.json": pluginPackage("sink", "above", {}, "above"),
      "somewhere/linked/package.json": pluginPackage("dag", "linked", {}, "@they/linked"),
      "mine/package.json": { name: "mine" },
      "mine/node_modules/@they/source/package.json": pluginPackage("source", "theirs", {}, "@they/source"),
      "mine/node_modules/unnamed/package.json": pluginPackage("source", "unnamed", {}, "unnamed"),
    });
    symlinkSync(join(place.path, "somewhere/linked"), join(place.path, "mine/node_modules/@they/linked"));
    const found = discover(join(place.path, "mine"), ["@they/source", "@they/linked", "above"]);
    expect(found.problems).toEqual([]);
    expect(ids(found)).toEqual(["dag linked", "sink above", "source theirs"]);
  });

  it("takes a workspace package that is named, too, for one", () => {
    using place = project({
      "libs/a/package.json": pluginPackage("source", "a", {}, "a"),
      "node_modules/.keep": "",
    });
    symlinkSync(join(place.path, "libs/a"), join(place.path, "node_modules/a"));
    expect(discover(place.path, ["a"])).toMatchObject({ problems: [], declared: [{ packageName: "a" }] });
  });

  it("names a package that is not installed, and one that is no plugin", () => {
    using place = project({ "node_modules/left-pad/package.json": { name: "left-pad" } });
    expect(discover(place.path, ["@they/absent", "left-pad"]).problems).toEqual([
      "config/config.json: plugins: package @they/absent is not installed; run npm install @they/absent, " +
      "or remove it",
      'config/config.json: plugins: package left-pad is no plugin: its package.json has no "candlewick" field',
    ]);
  });

  it("names the packages of two plugins with one id; of different kinds they are no clash", () => {
    using place = project({
      "libs/a/package.json": pluginPackage("source", "kite", {}, "@mine/a"),
      "libs/b/package.json": pluginPackage("source", "kite", {}, "@mine/b"),
      "libs/c/package.json": pluginPackage("sink", "kite", {}, "@mine/c"),
    });
    expect(discover(place.path, []).problems).toEqual([
      'source "kite" is declared by @mine/a and @mine/b; remove all but one',
    ]);
  });

  it.each([
    [{ core: 2 }, 'plugin "a" is made for plugin interface 2, this is interface 1'],
    [{ core: 2, newField: true }, 'plugin "a" is made for plugin interface 2'],
    [{ core: "1" }, '["core"]'],
    [{ entry: undefined }, '["entry"]'],
    [{ entry: "../other/plugin.ts" }, '["entry"]'],
    [{ id: "A B" }, '["id"]'],
    [{ kind: "exchange" }, '["kind"]'],
    [{ nett: ["x"] }, '["nett"]'],
  ])("refuses a manifest with %j, and names the package", (changes, message) => {
    using place = project({ "libs/a/package.json": pluginPackage("source", "a", changes) });
    const { declared, problems } = discover(place.path, []);
    expect(declared).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("package @mine/source-a: ");
    expect(problems[0]).toContain(message);
  });

  it("refuses a sandbox that stands in for nothing", () => {
    using place = project({ "libs/a/package.json": pluginPackage("sandbox", "a") });
    expect(discover(place.path, []).problems).toEqual([
      'package @mine/sandbox-a: sandbox "a" does not say which source it is "for"',
    ]);
  });
});

describe("loading a plugin", () => {
  const loaded = async (code: string | undefined) => {
    using place = project({
      "libs/a/package.json": pluginPackage("source", "a"),
      ...(code === undefined ? {} : { "libs/a/plugin.ts": code }),
    });
    const [declared] = discover(place.path, []).declared;
    const exit = await Effect.runPromiseExit(load("source", declared!));
    return Exit.isSuccess(exit) ? exit.value.id : String((Cause.squash(exit.cause) as Error).message);
  };

  it("gives its default export", async () => {
    expect(await loaded('export default { kind: "source", id: "a" };')).toBe("a");
  });

  it.each([
    [undefined, "its entry ./plugin.ts does not exist in "],
    ["export const x = 1;", "the default export of ./plugin.ts is not that plugin: there is none"],
    ["export default 7;", "is not that plugin: it is number"],
    ['export default { kind: "sink", id: "a" };', 'is not that plugin: it is sink "a"'],
    ['export default { kind: "source", id: "b" };', 'is not that plugin: it is source "b"'],
    ['throw new Error("no luck");', "cannot be loaded: no luck"],
    ["this is no code", "cannot be loaded: "],
    ['import "./absent.ts";', "cannot be loaded: "],
  ])("refuses %j and names package and plugin", async (code, message) => {
    const told = await loaded(code);
    expect(told).toContain('package @mine/source-a: source "a"');
    expect(told).toContain(message);
  });

  it("refuses one that brings a copy of core of its own, whose errors and services would be strangers", async () => {
    using place = temporaryFolder({
      "package.json": { name: "mine" },
      "node_modules/source-a/package.json": pluginPackage("source", "a", {}, "source-a"),
      "node_modules/source-a/plugin.ts": 'export default { kind: "source", id: "a" };',
      "node_modules/source-a/node_modules/@candlewick/core/package.json": { name: "@candlewick/core" },
    });
    const [declared] = discover(place.path, ["source-a"]).declared;
    const exit = await Effect.runPromiseExit(load("source", declared!));
    expect(Exit.isFailure(exit) && String(Cause.squash(exit.cause))).toMatch(
      /source-a: source "a" brings a copy of @candlewick\/core of its own, in .*peerDependencies/,
    );
  });
});
