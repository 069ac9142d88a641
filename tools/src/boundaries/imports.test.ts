import { describe, expect, it } from "vitest";
import { findImports, parse } from "./imports.ts";

const importsOf = (text: string) => findImports(parse("a.ts", text));

describe("findImports", () => {
  it.each([
    [`import "m";`, "static", []],
    [`import d from "m";`, "static", ["default"]],
    [`import d, { a, b as c } from "m";`, "static", ["default", "a", "b"]],
    [`import * as all from "m";`, "static", ["*"]],
    [`import type { T } from "m";`, "static", ["T"]],
    [`import { type T } from "m";`, "static", ["T"]],
    [`import data from "m" with { type: "json" };`, "static", ["default"]],
    [`import old = require("m");`, "static", ["*"]],
    [`export { a as b } from "m";`, "static", ["a"]],
    [`export * from "m";`, "static", ["*"]],
    [`export * as all from "m";`, "static", ["*"]],
    [`export type { T } from "m";`, "static", ["T"]],
    [`const m = await import("m");`, "call", ["*"]],
    ["const m = await import(`m`);", "call", ["*"]],
    [`const m = require("m");`, "call", ["*"]],
    [`const load = () => { if (x) { return import("m"); } };`, "call", ["*"]],
    [`type T = import("m").T;`, "type", ["*"]],
    [`let x: typeof import("m");`, "type", ["*"]],
  ])("finds the import in %s", (text, form, names) => {
    expect(importsOf(text)).toEqual([{ specifier: "m", form, names, line: 1 }]);
  });

  it("reports an import whose module is computed, without a specifier", () => {
    expect(importsOf("await import(entry);")).toEqual([
      { specifier: undefined, form: "call", names: ["*"], line: 1 },
    ]);
    expect(importsOf(`await import("a" + name);`)[0]?.specifier).toBeUndefined();
  });

  it("counts lines from 1, at the import itself", () => {
    const text = `// about\n\nimport { a } from "m";\nconst b = 1;\nexport { c } from "n";\n`;
    expect(importsOf(text).map(({ specifier, line }) => [specifier, line])).toEqual([["m", 3], ["n", 5]]);
  });

  it.each([
    [`// import "m";`],
    [`/** {@link import("m")} */ const a = 1;`],
    [`const text = 'import "m"';`],
    ["const text = `import('m')`;"],
    [`export { a };`],
    [`object.require("m");`],
  ])("is not misled by %s", (text) => {
    expect(importsOf(text)).toEqual([]);
  });
});
