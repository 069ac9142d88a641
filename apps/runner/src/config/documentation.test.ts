import { Effect, Result } from "effect";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { folderOf, workspace } from "../../e2e/workspace.ts";
import { commonOptions } from "../../launch/arguments.mjs";
import { variablesIn } from "../../launch/permissions.mjs";
import { ofKind } from "../project/Discovery.ts";
import { load } from "../project/Load.ts";
import { open, type Project } from "../project/Project.ts";
import { ExitCode } from "../Refusal.ts";
import { settingsOf } from "../run/Connection.ts";
import { parametersOf } from "../run/Parameters.ts";
import { packageWithOurPlugins, temporaryFolder, writeFiles } from "../testing/folders.ts";
import { variableName } from "./Naming.ts";

const text = (path: string): string => readFileSync(join(workspace, path), "utf8");
const example = JSON.parse(text("config/config.example.json"));

/** A project with our plugins and the example for a configuration, its variables set to `x`. */
const project = ((): Project => {
  using folder = temporaryFolder();
  writeFiles(folder.path, {
    "package.json": packageWithOurPlugins(folder.path),
    "config/config.json": example,
  });
  return Effect.runSync(open(folder.path, (name) => variablesIn(example).includes(name) ? "x" : undefined));
})();

const loaded = <K extends "source" | "sink" | "dag">(kind: K) =>
  Promise.all(ofKind(project.declared, kind).map((declared) => Effect.runPromise(load(kind, declared))));
const [sources, sinks, dags] = await Promise.all([loaded("source"), loaded("sink"), loaded("dag")]);

const variables = [...sources, ...sinks].flatMap(({ id, settings }) =>
  Object.entries(settings).map(([key, setting]) => variableName(id, key, setting))
);

/** A plugin may bring the page that is about it. */
const readmeOf = (kind: "source" | "sink" | "dag", id: string): string => {
  const path = join(folderOf(kind, id), "README.md");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

describe("the pages for users", () => {
  const configuration = text("docs/configuration.md");

  it.each(dags.map((dag) => [dag.id, dag] as const))("name every parameter of %s", (id, dag) => {
    const pages = `${configuration}\n${readmeOf("dag", id)}\n## `;
    const from = pages.indexOf(`## Parameters of \`${id}\``);
    expect(from).toBeGreaterThan(0);
    const section = pages.slice(from, pages.indexOf("\n## ", from + 1));
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.map((row) => row.split("`")[1])).toEqual(Object.keys(dag.parameters));
    for (const [key, setting] of Object.entries(dag.parameters)) {
      expect(section).toContain(`\`${variableName(id, key, setting)}\``);
    }
  });

  it.each([...sources, ...sinks].map((plugin) => [plugin.id, plugin] as const))(
    "name every variable of %s on its own page, or in the README of its package",
    (id, { kind, settings }) => {
      const page = existsSync(join(workspace, `docs/${id}.md`)) ? text(`docs/${id}.md`) : readmeOf(kind, id);
      for (const [key, setting] of Object.entries(settings)) {
        expect(page).toContain(`\`${variableName(id, key, setting)}\``);
      }
    },
  );

  it("name every option and every exit code", () => {
    const running = text("docs/running.md");
    for (const name of Object.keys(commonOptions)) {
      expect(running).toMatch(new RegExp(`^\\| \`--${name}[=\`]`, "m"));
    }
    for (const code of Object.values(ExitCode)) expect(running).toMatch(new RegExp(`^\\| ${code} `, "m"));
  });

  const pages = ["README.md", ...readdirSync(join(workspace, "docs")).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith(".md"));

  it.each(pages)("link to what is there: %s", (path) => {
    for (const [, target = ""] of text(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const page = file === "" ? path : join(dirname(path), file);
      expect(existsSync(join(workspace, page)), `${path}: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const anchors = Array.from(
        text(page).matchAll(/^#+ (.+)$/gm),
        ([, heading = ""]) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").replaceAll(" ", "-"),
      );
      expect(anchors, `${path}: ${target}`).toContain(anchor);
    }
  });
});

describe("the examples", () => {
  it("of .env name variables that are read, and hold no value", () => {
    const given = parseEnv(text(".env.example"));
    const read = [...variables, ...variablesIn(example)];
    expect(Object.keys(given).filter((name) => !read.includes(name))).toEqual([]);
    expect(Object.values(given).join("")).toBe("");
    for (const name of variablesIn(example)) expect(given).toHaveProperty(name);
  });

  it("of config/config.json is a configuration that runs", () => {
    for (const plugin of [...sources, ...sinks]) {
      expect(settingsOf(project, plugin)).toSatisfy(Result.isSuccess);
    }
    for (const plugin of dags) {
      const entry = project.dags.find(({ id }) => id === plugin.id)!;
      expect(parametersOf(project, { entry, plugin }, {}, undefined)).toSatisfy(Result.isSuccess);
    }
  });
});
