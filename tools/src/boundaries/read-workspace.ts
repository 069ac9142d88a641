import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kindOf, type Package, type SourceFile, sourceFile, type Workspace } from "./workspace.ts";

/** The part of a package.json that the rules look at. */
interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8"));

const isForeign = (name: string) => name === "node_modules" || name === "dist" || name.startsWith(".");

const subfolders = (directory: string): ReadonlyArray<string> =>
  existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !isForeign(entry.name))
      .map((entry) => entry.name)
      .sort()
    : [];

const readSources = (workspaceRoot: string, packageRoot: string, folder: string): ReadonlyArray<SourceFile> =>
  readdirSync(join(workspaceRoot, folder), { withFileTypes: true })
    .filter((entry) => !isForeign(entry.name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readSources(workspaceRoot, packageRoot, path);
      if (!/\.[cm]?[jt]sx?$/.test(entry.name)) return [];
      return [sourceFile(packageRoot, path, readFileSync(join(workspaceRoot, path), "utf8"))];
    });

const namesIn = (
  ...declared: ReadonlyArray<Readonly<Record<string, string>> | undefined>
): ReadonlySet<string> => new Set(declared.flatMap((dependencies) => Object.keys(dependencies ?? {})));

const readPackage = (workspaceRoot: string, root: string): Package => {
  const manifest = readManifest(join(workspaceRoot, root, "package.json"));
  return {
    name: manifest.name,
    root,
    kind: kindOf(root),
    dependencies: namesIn(manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies),
    testDependencies: namesIn(manifest.devDependencies),
    files: readSources(workspaceRoot, root, root),
  };
};

/** Reads and parses every package under `apps`, `libs` and `tools`. */
export const readWorkspace = (workspaceRoot: string): Workspace => ({
  packages: [
    ...["apps", "libs"].flatMap((folder) =>
      subfolders(join(workspaceRoot, folder)).map((name) => `${folder}/${name}`)
    ),
    "tools",
  ]
    .filter((root) => existsSync(join(workspaceRoot, root, "package.json")))
    .map((root) => readPackage(workspaceRoot, root)),
  development: namesIn(readManifest(join(workspaceRoot, "package.json")).devDependencies),
});
