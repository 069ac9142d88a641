import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { compile } from "./compile.ts";
import { COMPILED, entriesOf, packedManifest, type WorkspaceManifest } from "./packed-manifest.ts";

/** Files beside package.json that a published package holds, where they are there. */
const BESIDE = ["README.md", "LICENSE", "config.json"];

/** Names of TypeScript sources and tests, which have no place in a published package. */
const isSource = (path: string): boolean => /\.ts$|\/testing(\/|$)/.test(path.replaceAll("\\", "/"));

export interface PackOptions {
  readonly workspace: string;
  /** The package's folder below `libs`. */
  readonly library: string;
  /** The name to publish under; by default the package's own. */
  readonly name?: string;
}

/** Builds the package in `dist/packages/<library>` and packs it beside; resolves to the path of the archive. */
export const pack = ({ library, name, workspace }: PackOptions): string => {
  const folder = join(workspace, "libs", library);
  if (!existsSync(join(folder, "package.json"))) throw new Error(`there is no package in libs/${library}`);
  const manifest: WorkspaceManifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const packed = packedManifest(manifest, name);

  const destination = join(workspace, "dist/packages");
  const staged = join(destination, library);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  const source = join(folder, "src");
  compile(entriesOf(manifest).map((entry) => join(folder, entry)), source, join(staged, COMPILED));
  // What the sources read beside themselves.
  cpSync(source, join(staged, COMPILED), { recursive: true, filter: (path) => !isSource(path) });
  for (const file of BESIDE) {
    if (existsSync(join(folder, file))) cpSync(join(folder, file), join(staged, file));
  }
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(packed, null, 2)}\n`);
  const out = execFileSync("npm", ["pack", "--json", "--silent", "--pack-destination", destination], {
    cwd: staged,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return join(destination, JSON.parse(out)[0].filename);
};
