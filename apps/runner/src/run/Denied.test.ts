import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { pluginPackage, temporaryFolder } from "../testing/folders.ts";
import { deniedText } from "./Denied.ts";

const refusal = (stack: string): Error => {
  const error = new Error('Requires net access to "x.example:443", run again with the --allow-net flag');
  error.stack = `${error.name}: ${error.message}\n${stack}`;
  return error;
};

const WHAT = 'no permission (net) for "x.example:443": no plugin of this run lists it in its manifest';

it("a permission that Deno refuses is told with the plugin whose code is nearest", () => {
  using folder = temporaryFolder({
    "library/package.json": { name: "library" },
    "libs/rogue/package.json": pluginPackage("source", "rogue"),
  });
  const frame = (path: string) => `    at f (${pathToFileURL(join(folder.path, path)).href}:3:7)`;
  expect(deniedText(refusal([frame("library/a.ts"), frame("libs/rogue/src/deep/plugin.ts")].join("\n"))))
    .toBe(`${WHAT}; asked for by source "rogue" (package @mine/source-rogue)`);
  expect(deniedText(refusal(frame("library/a.ts")))).toBe(WHAT);
  expect(deniedText(refusal(""))).toBe(WHAT);
});

it("any other error is none of these", () => {
  expect(deniedText(new Error("Requires patience"))).toBeUndefined();
  expect(deniedText("text")).toBeUndefined();
});
