import { describe, expect, it } from "vitest";
import { pluginNames } from "./composed-plugins.ts";
import { inferTargets, testResults } from "./infer-targets.ts";

const everything = { hasSources: true, hasTests: true };

describe("inferTargets", () => {
  it("gives a package with sources and tests all four targets", () => {
    expect(Object.keys(inferTargets("libs/core", everything))).toEqual(["format", "lint", "check", "test"]);
  });

  it("gives no test target to a package without tests", () => {
    expect(inferTargets("libs/core", { hasSources: true, hasTests: false })).not.toHaveProperty("test");
  });

  it("only formats a package without sources, since Deno fails where it finds nothing", () => {
    expect(Object.keys(inferTargets("libs/core", { hasSources: false, hasTests: false }))).toEqual([
      "format",
    ]);
  });

  it("caches every target, and types and tests until a package it depends on changes", () => {
    const targets = inferTargets("libs/core", everything);
    for (const target of Object.values(targets)) {
      expect(target.cache).toBe(true);
      expect(target.inputs).toContain("default");
    }
    expect(targets["check"]?.inputs).toContain("^default");
    expect(targets["test"]?.inputs).toEqual(["default", "^default", "testing"]);
  });

  it("runs vitest on Deno in the package, with the shared settings and results that the cache keeps", () => {
    const { options, outputs } = inferTargets("libs/core", everything)["test"] ?? {};
    const line = options.arguments.join(" ");
    expect(line).toContain("run --allow-all npm:vitest run");
    expect(line).toContain("--root libs/core");
    expect(line).toContain("--config ../../tools/src/vitest/vitest.config.ts");
    expect(line).toContain("--outputFile.json ../../dist/test-results/libs/core.json");
    expect(outputs).toEqual([`{workspaceRoot}/${testResults("libs/core")}`]);
  });
});

it("knows the plugins of the workspace by their manifests", () => {
  expect(pluginNames([
    { name: "@candlewick/source-kite", candlewick: { kind: "source" } },
    { name: "@candlewick/core" },
    { name: "@candlewick/odd", candlewick: {} },
    { candlewick: { kind: "sink" } },
  ])).toEqual(["@candlewick/source-kite"]);
});
