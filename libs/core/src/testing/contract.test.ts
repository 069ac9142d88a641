import { describe, expect, it } from "@effect/vitest";

const here = (path: string) => new URL(path, import.meta.url);

const page = Deno.readTextFileSync(here("../../../../docs/contract.md"));

/** Numbered lines of the page, each with where it says it is asserted. */
const lines = page.split("\n").flatMap((line) => {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  return /^[KUSD]\d+$/.test(cells[1] ?? "") ? [{ number: cells[1]!, asserted: cells[3]! }] : [];
});

/** Numbers that begin the titles of tests, by suite and topic. */
const titles = (path: string): ReadonlySet<string> => {
  const text = Deno.readTextFileSync(here(path));
  return new Set(Array.from(text.matchAll(/["`]([KUSD]\d+)(?:["`,]|:)/g), (match) => match[1]!));
};

const suites = new Map<string, ReadonlySet<string>>([["dagContract", titles("./dagContract.ts")]]);
for (const suite of ["source", "sink", "keeper"] as const) {
  for (const { name: file } of Deno.readDirSync(here(`./${suite}`))) {
    if (file.endsWith(".ts")) {
      suites.set(`${suite}Contract/${file.slice(0, -".ts".length)}`, titles(`./${suite}/${file}`));
    }
  }
}

describe("docs/contract.md", () => {
  it("numbers each line once", () => {
    const numbers = lines.map((line) => line.number);
    expect(numbers.length).toBeGreaterThan(100);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it("names, for every line, the suite that asserts it or why none can", () => {
    for (const { asserted, number } of lines) {
      if (asserted.startsWith("not testable")) {
        expect(asserted, number).toMatch(/^not testable[^:;]*[:;] ./);
        continue;
      }
      const [suite = ""] = asserted.split(/[:,]/);
      // A line asserted by tests of other lines names those.
      const others = asserted.match(/[KUSD]\d+/g) ?? [];
      if (asserted.includes(":")) {
        const known = new Set(
          [...suites].filter(([name]) => name.startsWith(suite)).flatMap(([, found]) => [...found]),
        );
        for (const other of others) expect(known, number).toContain(other);
      } else {
        expect(suites.get(suite), `${number}: ${suite}`).toContain(number);
      }
    }
  });

  it("has a line for every test of the suites", () => {
    const numbers = new Set(lines.map((line) => line.number));
    for (const [suite, found] of suites) {
      for (const number of found) expect(numbers, suite).toContain(number);
    }
  });
});
