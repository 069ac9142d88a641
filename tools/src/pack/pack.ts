import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { compile } from "./compile.ts";
import { bundledBy, COMPILED, entriesOf, packedManifest, type WorkspaceManifest } from "./packed-manifest.ts";

/** Files beside package.json that a published package holds, where they are there. */
const BESIDE = ["README.md", "LICENSE", "config.json"];

const manifestOf = (folder: string): WorkspaceManifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** TypeScript, and what exists for tests. */
const isNoAsset = (path: string): boolean => /\.ts$|\/testing(\/|$)/.test(path.replaceAll("\\", "/"));

/** Writes a package as it is published, with the libraries of the workspace that it needs inside it. */
const stage = (workspace: string, folder: string, staged: string, name?: string): void => {
  const manifest = manifestOf(folder);
  const source = join(folder, "src");
  mkdirSync(staged, { recursive: true });
  compile(entriesOf(manifest).map((entry) => join(folder, entry)), source, join(staged, COMPILED));
  // What the sources read beside themselves.
  cpSync(source, join(staged, COMPILED), { recursive: true, filter: (path) => !isNoAsset(path) });
  for (const file of BESIDE) {
    if (existsSync(join(folder, file))) cpSync(join(folder, file), join(staged, file));
  }
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(packedManifest(manifest, name), null, 2)}\n`);
  for (const library of bundledBy(manifest)) {
    stage(
      workspace,
      realpathSync(join(workspace, "node_modules", library)),
      join(staged, "node_modules", library),
    );
  }
};

export interface PackOptions {
  readonly workspace: string;
  /** The package's folder below `libs`. */
  readonly library: string;
  /** The name to publish under; by default the package's own. */
  readonly name?: string;
}

/**
 * Builds a plugin in `dist/packages/<library>` and packs it beside; gives the path of the archive.
 *
 * @throws Error that says what is not there.
 */
export const pack = ({ library, name, workspace }: PackOptions): string => {
  const folder = join(workspace, "libs", library);
  if (!existsSync(join(folder, "package.json"))) throw new Error(`there is no package in libs/${library}`);
  if (manifestOf(folder).candlewick === undefined) {
    throw new Error(`libs/${library} is no plugin: its package.json has no "candlewick" field`);
  }
  const destination = join(workspace, "dist/packages");
  const staged = join(destination, library);
  rmSync(staged, { recursive: true, force: true });
  stage(workspace, folder, staged, name);
  const out = execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", destination], {
    cwd: staged,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return join(destination, JSON.parse(out)[0].filename);
};
