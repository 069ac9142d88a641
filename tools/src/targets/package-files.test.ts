import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { packageFiles } from "./package-files.ts";

const made: Array<string> = [];

const folderWith = (...paths: ReadonlyArray<string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-package-"));
  made.push(folder);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
  return folder;
};

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

it.each([
  [["package.json"], false, false],
  [["src/index.ts"], true, false],
  [["bin/start.mjs"], true, false],
  [["src/index.ts", "src/deep/a.test.ts"], true, true],
  [["src/a.integration.test.ts"], true, true],
  [["node_modules/other/src/a.test.ts", ".scratch/a.test.ts", "dist/a.js"], false, false],
])("of %j says hasSources %s, hasTests %s", (paths, hasSources, hasTests) => {
  expect(packageFiles(folderWith(...paths))).toEqual({ hasSources, hasTests });
});

it("takes a folder that is not there for empty", () => {
  expect(packageFiles("/nowhere/at/all")).toEqual({ hasSources: false, hasTests: false });
});
