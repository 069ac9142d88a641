import { describe, expect, it } from "vitest";
import { checkBoundaries } from "./check.ts";
import { describe as inWords } from "./violation.ts";
import { kindOf, sourceFile, type Workspace } from "./workspace.ts";

/** A workspace of three plugins, a library they may share, core, an app and tools, each of which declares what an honest package would. */
const roots: Readonly<Record<string, ReadonlyArray<string>>> = {
  "libs/core": ["effect"],
  "libs/shared": ["@candlewick/core", "effect"],
  "libs/source-a": ["@candlewick/core", "@candlewick/shared", "effect", "vendor"],
  "libs/sink-b": ["@candlewick/core", "effect"],
  "libs/a-sandbox": ["@candlewick/core", "effect"],
  "apps/runner": ["@candlewick/core", "effect"],
  "tools": [],
};

const nameOf = (root: string) => `@candlewick/${root.split("/").at(-1)}`;

/** The workspace with the given files in it, by path. */
const workspaceWith = (files: Readonly<Record<string, string>>): Workspace => ({
  packages: Object.entries(roots).map(([root, dependencies]) => ({
    name: nameOf(root),
    root,
    kind: kindOf(root),
    dependencies: new Set(dependencies),
    testDependencies: new Set(root === "libs/a-sandbox" ? ["official-client"] : []),
    files: Object.entries(files)
      .filter(([path]) => path.startsWith(`${root}/`))
      .map(([path, text]) => sourceFile(root, path, text)),
  })),
  development: new Set(["vitest", "@effect/vitest", "fast-check", "typescript"]),
});

/** The rules broken by one file, in order. */
const broken = (path: string, text: string) =>
  checkBoundaries(workspaceWith({ [path]: text })).map(({ rule }) => rule);

const source = "libs/source-a/src/index.ts";
const sourceTest = "libs/source-a/src/index.test.ts";
const core = "libs/core/src/index.ts";
const app = "apps/runner/src/main.ts";

describe("a plugin", () => {
  it.each([
    [source, `import { x } from "@candlewick/sink-b";`],
    [source, `import type { X } from "@candlewick/sink-b";`],
    [source, `export * from "@candlewick/sink-b";`],
    [source, `const m = await import("@candlewick/sink-b");`],
    [source, `type X = import("@candlewick/sink-b").X;`],
    [source, `import { x } from "@candlewick/a-sandbox";`],
    [source, `import { x } from "@candlewick/runner";`],
    [source, `import { x } from "@candlewick/sink-b/inside";`],
    [sourceTest, `import { x } from "@candlewick/sink-b";`],
    ["libs/source-a/src/testing/x.ts", `import { x } from "@candlewick/sink-b";`],
    ["libs/source-a/bench/x.ts", `import { x } from "@candlewick/sink-b";`],
    ["libs/a-sandbox/src/x.ts", `import { x } from "@candlewick/source-a";`],
  ])("may not import another, as %s does by %s", (path, text) => {
    expect(broken(path, text)).toContain("plugin-alone");
  });

  it("may not reach into another by a path", () => {
    expect(broken(source, `import { x } from "../../sink-b/src/index.ts";`)).toEqual([
      "plugin-alone",
      "inside",
    ]);
  });

  it("may not compute what it imports", () => {
    expect(broken(source, `await import(name);`)).toEqual(["plugin-alone"]);
  });

  it("may import core, shared libraries, its vendor, the runtime and its own files", () => {
    const text = `
      import { Effect } from "effect";
      import { HttpClient } from "effect/http";
      import { Candle } from "@candlewick/core";
      import { send } from "@candlewick/shared";
      import { Client } from "vendor/client";
      import { gunzip } from "node:zlib";
      import { parse } from "./parse.ts";
      import { other } from "../src/other.ts";
      import { self } from "@candlewick/source-a";
    `;
    expect(broken(source, text)).toEqual([]);
  });

  it("may test with core's suites and the test libraries of the workspace", () => {
    const text = `
      import { sourceContract } from "@candlewick/core/testing";
      import { it } from "@effect/vitest";
      import fc from "fast-check";
    `;
    expect(broken(sourceTest, text)).toEqual([]);
  });
});

describe("a library that plugins share", () => {
  const shared = "libs/shared/src/index.ts";

  it.each([
    `import { x } from "@candlewick/source-a";`,
    `import { x } from "@candlewick/a-sandbox";`,
    `import { x } from "@candlewick/runner";`,
  ])("may not have %s", (text) => expect(broken(shared, text)).toContain("library-below"));

  it("may import core and the runtime", () => {
    expect(broken(shared, `import { x } from "@candlewick/core"; import "node:zlib";`)).toEqual([]);
  });
});

describe("an app", () => {
  it.each([
    [app, `import { plugin } from "@candlewick/source-a";`],
    [app, `const { plugin } = await import("@candlewick/source-a");`],
    [app, "const { plugin } = await import(`@candlewick/sink-b`);"],
    ["apps/runner/src/main.test.ts", `import { sandbox } from "@candlewick/a-sandbox";`],
    ["apps/runner/bin/start.mjs", `import "@candlewick/source-a";`],
  ])("may not name a plugin, as %s does by %s", (path, text) => {
    expect(broken(path, text)).toContain("app-discovers");
  });

  it("may import core, and what it discovers", () => {
    expect(broken(app, `import { run } from "@candlewick/core"; await import(entry);`)).toEqual([]);
  });
});

describe("core", () => {
  it.each([
    `import postgres from "postgres";`,
    `import { KiteConnect } from "kiteconnect";`,
    `import { readFile } from "node:fs/promises";`,
    `import fs from "fs";`,
    `import { HttpClient } from "effect/http";`,
    `import { SqlClient } from "effect/sql";`,
    `import * as HttpApi from "effect/http-api/HttpApi";`,
    `import { Command } from "effect/cli";`,
    `import * as NodeRuntime from "@effect/platform-node/NodeRuntime";`,
    `import { FileSystem } from "effect";`,
    `import * as FileSystem from "effect/FileSystem";`,
    `import * as E from "effect";`,
    `export * from "effect";`,
    `import { x } from "@candlewick/source-a";`,
    `import { x } from "npm:left-pad";`,
    `import settings from "../../../deno.json" with { type: "json" };`,
    `await import(name);`,
    `import fc from "fast-check";`,
    `export const text = Deno.readTextFileSync("x");`,
    `export const answer = await fetch("http://x");`,
    `export const home = process.env["HOME"];`,
    `export const sneaky = globalThis["fetch"];`,
  ])("may not have %s", (text) => {
    expect(broken(core, text)).toContain("core-pure");
  });

  it("may use the stable modules of effect", () => {
    const text = `
      import { Effect, Request, Schema } from "effect";
      import * as Stream from "effect/Stream";
      export interface Source { readonly fetch: () => Request.Request<string>; process(): void }
      export const start = (source: Source, process: () => void) => { source.fetch(); process(); };
    `;
    expect(broken(core, text)).toEqual([]);
  });

  it.each(["libs/core/src/testing/suite.ts", "libs/core/src/range.test.ts"])(
    "may use the test libraries in %s, and still no vendor",
    (path) => {
      const text = `
        import { it } from "@effect/vitest";
        import { TestClock } from "effect/testing";
        import { expect } from "vitest";
        import fc from "fast-check";
      `;
      expect(broken(path, text)).toEqual([]);
      expect(broken(path, `import { HttpClient } from "effect/http";`)).toEqual(["core-pure"]);
    },
  );
});

describe("any package", () => {
  it.each([
    [source, `import { x } from "undeclared";`],
    [source, `import { x } from "@scope/undeclared/deep";`],
    [source, `import { it } from "vitest";`],
    [source, `import { x } from "npm:vendor@1";`],
    [source, `import { x } from "https://example.com/x.ts";`],
    [sourceTest, `import { x } from "undeclared";`],
    ["libs/a-sandbox/src/x.ts", `import { Client } from "official-client";`],
  ])("declares what it imports, unlike %s with %s", (path, text) => {
    expect(broken(path, text)).toEqual(["declared"]);
  });

  it("declares for its tests what only they import", () => {
    expect(broken("libs/a-sandbox/src/x.test.ts", `import { Client } from "official-client";`)).toEqual([]);
  });

  it("is not reached into by a path", () => {
    expect(broken(source, `import { Candle } from "../../core/src/Candle.ts";`)).toEqual(["inside"]);
  });
});

describe("a circle of packages", () => {
  it("is reported once, at the import that closes it", () => {
    const found = checkBoundaries(workspaceWith({
      "libs/source-a/src/index.ts": `\nimport { x } from "@candlewick/sink-b";`,
      "libs/sink-b/src/index.ts": `\n\nimport type { X } from "@candlewick/a-sandbox";`,
      "libs/a-sandbox/src/index.ts": `export { y } from "@candlewick/source-a";`,
    }));
    expect(found.filter(({ rule }) => rule === "no-cycle").map(inWords)).toEqual([
      "libs/a-sandbox/src/index.ts:1 closes the circle @candlewick/source-a -> @candlewick/sink-b -> " +
      "@candlewick/a-sandbox -> @candlewick/source-a (no-cycle: packages do not import each other in a circle)",
    ]);
  });

  it("is not seen where two packages merely share a third", () => {
    const found = checkBoundaries(workspaceWith({
      "libs/source-a/src/index.ts":
        `import { x } from "@candlewick/core"; import { y } from "@candlewick/sink-b";`,
      "libs/sink-b/src/index.ts": `import { x } from "@candlewick/core";`,
    }));
    expect(found.filter(({ rule }) => rule === "no-cycle")).toEqual([]);
  });
});

it("names file, line, import and rule", () => {
  const [found] = checkBoundaries(workspaceWith({ [core]: `\nimport postgres from "postgres";\n` }));
  expect(found && inWords(found)).toBe(
    `libs/core/src/index.ts:2 imports "postgres" (core-pure: core imports no vendor, SQL, HTTP or file system: ` +
      `only the stable modules of effect)`,
  );
});
