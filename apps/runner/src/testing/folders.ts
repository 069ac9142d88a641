import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { workspace } from "../../e2e/workspace.ts";

/** Files of a folder by path: text, or a value that is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

export const writeFiles = (folder: string, files: Files): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  }
};

/** A new folder with these files, removed when the scope of `using` ends. */
export const temporaryFolder = (files: Files = {}): { readonly path: string } & Disposable => {
  const path = mkdtempSync(join(tmpdir(), "candlewick-runner-"));
  writeFiles(path, files);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

/** The `package.json` of a project in `folder` whose plugins, and the chosen ones, are those of this workspace. */
export const packageWithOurPlugins = (folder: string) => ({
  name: "mine",
  workspaces: [join(relative(folder, workspace), "libs/*")],
  candlewick: JSON.parse(readFileSync(join(workspace, "package.json"), "utf8")).candlewick,
});

/** The `package.json` of a package that declares a plugin, whole but for what `changes` says. */
export const pluginPackage = (
  kind: string,
  id: string,
  changes: Readonly<Record<string, unknown>> = {},
  name = `@mine/${kind}-${id}`,
) => ({
  name,
  candlewick: { kind, id, core: 1, entry: "./plugin.ts", summary: `The ${kind} ${id}`, ...changes },
});
