import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fill, templatesIn } from "./template.ts";

const templates = fileURLToPath(new URL("../../templates", import.meta.url));

describe("filling a template", () => {
  it("puts values where they are named, also after a brace", () => {
    expect(fill("{{id}}: `${{{NAME}}_ROOT}` { { id } }", { id: "x", NAME: "X" })).toBe(
      "x: `${X_ROOT}` { { id } }",
    );
  });

  it("refuses a name that has no value", () => {
    expect(() => fill("{{nobody}}", {})).toThrow('there is no value for "nobody"');
  });
});

it.each(["source", "sink", "dag"])("the templates of a %s have the rooms of a plugin", (kind) => {
  const paths = Array.from(templatesIn(join(templates, kind)), ([path]) => path);
  for (const room of ["package.json", "README.md", "src/index.ts", "src/plugin.ts", "src/plugin.test.ts"]) {
    expect(paths).toContain(room);
  }
});
