import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workspace } from "../workspace.ts";
import { HARMLESS, KINDS } from "./kinds.ts";

const page = readFileSync(join(workspace, "docs/faults.md"), "utf8");

/** The rows of the table under a heading, cell by cell. */
const rowsUnder = (heading: string): ReadonlyArray<ReadonlyArray<string>> =>
  page.split(`## ${heading}\n`)[1]!.split("\n## ")[0]!.split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

/** What holds the rows of the tables that are not one test a row by themselves: file, and words of a title. */
const HELD: Readonly<Record<string, ReadonlyArray<readonly [file: string, title: string]>>> = {
  "False answers on a first load": [
    ["false-answers", "its neighbours show it, and it is asked for again"],
    ["false-answers", "lasting: asked for once more, then covered as empty"],
    ["false-answers", "given twice for the oldest days"],
    ["restatement", "a day that the vendor lacks is answered empty"],
    ["false-answers", "passing, for later days: its neighbour shows it"],
    ["false-answers", "passing, for the oldest days: later ones contradict them"],
    ["false-answers", "lasting: stored; the next incremental run refuses the true ones"],
  ],
  "History that the vendor rewrites": [
    ["restatement", "noticed by the ordinary request, recorded, the series the truth after it"],
    ["restatement", "two events at once, both new"],
    ["restatement", "is stored with old and new in candle_revisions"],
    ["restatement", "fails half-way: the old series stays"],
    ["program", "killed while it fetches a restated series afresh"],
    ["restatement", "among the answers to the refetch: not believed"],
    ["restatement", "whoever reads meanwhile sees the old series or the new one"],
  ],
};

describe("docs/faults.md", () => {
  it("has every fault that is tried, with its reason, and no other", () => {
    const tried = [
      ...KINDS.map(({ name, reason }) => [name, `\`${reason}\``]),
      ...HARMLESS.map(({ name }) => [name, "none"]),
      ["the token dies", "`Unauthorized`"],
    ];
    const stated = rowsUnder("Requests for candles").map(([name, reason]) => [name, reason]);
    expect(new Set(stated.map(String))).toEqual(new Set(tried.map(String)));
    expect(stated.length).toBe(tried.length);
  });

  it.each(Object.entries(HELD))("%s: each row is held by a test", (heading, tests) => {
    expect(rowsUnder(heading)).toHaveLength(tests.length);
    for (const [file, title] of tests) {
      const path = join(workspace, `apps/runner/e2e/faults/${file}.integration.test.ts`);
      expect(readFileSync(path, "utf8")).toContain(title);
    }
  });
});
