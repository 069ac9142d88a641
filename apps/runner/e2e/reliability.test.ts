import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workspace } from "./workspace.ts";

const page = readFileSync(join(workspace, "docs/reliability.md"), "utf8");

/** Rows `| promise | file | test |`; the file in backticks. */
const rows = page.split("\n").flatMap((line) => {
  const [, promise, file, test] = /^\| (.+?) +\| `([^`]+\.test\.ts)` +\| (.+?) +\|$/.exec(line) ?? [];
  return promise === undefined || file === undefined || test === undefined ? [] : [{ promise, file, test }];
});

describe("the page on reliability", () => {
  it("has a test for each promise", () => {
    const tables = page.split("\n").filter((line) => line.startsWith("| ") && line.includes(".test.ts"));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.length).toBe(tables.length);
  });

  it.each(rows)("$promise: $file holds it", ({ file, test }) => {
    const path = join(workspace, file);
    expect(existsSync(path), file).toBe(true);
    const titles = readFileSync(path, "utf8");
    expect([`"${test}"`, `"${test}:`].some((title) => titles.includes(title)), `${file}: ${test}`).toBe(true);
  });
});
