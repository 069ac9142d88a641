import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { compile } from "./compile.ts";

it("writes what the entries need as JavaScript that finds its neighbours, and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-compile-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = {
    "index.ts":
      'export { one } from "./deep/one.ts";\nexport * as space from "./space.ts";\nexport type { T } from "./deep/types.ts";\n',
    "deep/one.ts":
      'import { two } from "../two.ts";\nimport type { T } from "./types.ts";\nexport const one: T = two;\n',
    "deep/types.ts": "export type T = number;\n",
    "two.ts": 'export const two = 2 satisfies number;\nexport const late = () => import("./late.ts");\n',
    "late.ts": "export const late: string = `1`;\n",
    "space.ts": "export const wide = true;\n",
    "one.test.ts": 'import "./two.ts";\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "src", path)), { recursive: true });
    writeFileSync(join(folder, "src", path), text);
  }
  compile([join(folder, "src/index.ts")], join(folder, "src"), join(folder, "dist"));
  const written = readdirSync(join(folder, "dist"), { recursive: true }).map(String).filter((path) =>
    path.endsWith("s")
  );
  expect(written.sort()).toEqual([
    "deep/one.js",
    "deep/types.js",
    "index.js",
    "late.js",
    "space.js",
    "two.js",
  ]);
  const text = (path: string) => readFileSync(join(folder, "dist", path), "utf8");
  expect(text("index.js")).toBe(
    'export { one } from "./deep/one.js";\nexport * as space from "./space.js";\n',
  );
  expect(text("deep/one.js")).toBe('import { two } from "../two.js";\nexport const one = two;\n');
  expect(text("two.js")).toContain('import("./late.js")');
});
