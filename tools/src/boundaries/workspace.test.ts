import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { checkBoundaries } from "./check.ts";
import { readWorkspace } from "./read-workspace.ts";
import { describe } from "./violation.ts";
import { kindOf } from "./workspace.ts";

it.each([
  ["libs/core", "core"],
  ["libs/source-kite", "plugin"],
  ["libs/sink-postgres", "plugin"],
  ["libs/dag-historic", "plugin"],
  ["libs/kite-sandbox", "plugin"],
  ["libs/angelone-sandbox", "plugin"],
  ["libs/pretend-exchange", "library"],
  ["libs/sql-store", "library"],
  ["libs/vendor-http", "library"],
  ["apps/runner", "app"],
  ["tools", "tools"],
])("tells that %s is a %s package", (root, kind) => {
  expect(kindOf(root)).toBe(kind);
});

const workspace = readWorkspace(fileURLToPath(new URL("../../..", import.meta.url)));

it("reads every package of the workspace with its sources", () => {
  expect(workspace.packages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["@candlewick/core", "@candlewick/runner", "@candlewick/tools"]),
  );
  const tools = workspace.packages.find(({ root }) => root === "tools");
  expect(tools?.files.map(({ path }) => path)).toContain("tools/src/boundaries/workspace.test.ts");
});

it("finds the workspace clean", () => {
  expect(checkBoundaries(workspace).map(describe)).toEqual([]);
});
