import type { GeneratorCallback, Tree } from "@nx/devkit";
import { join } from "node:path";
import { format, link } from "./after-write.ts";
import { type LockedManifest, withPackage } from "./lock-file.ts";
import { type Names, namesOf } from "./names.ts";
import { fill, templatesIn } from "./template.ts";

export type Kind = "source" | "sink" | "dag";

const SCHEMA = "npx candlewick --print-schema > config/config.schema.json tells editors its settings.";

/** What every generator is told. */
export interface Options {
  readonly name: string;
  readonly displayName?: string;
}

interface Manifest extends LockedManifest {
  readonly candlewick?: { readonly kind?: string; readonly id?: string };
}

const json = <T>(tree: Tree, path: string): T | undefined => {
  const text = tree.read(path, "utf8");
  return text === null ? undefined : JSON.parse(text);
};

/** Versions that the workspace has already; a generated package asks for the same. */
const versions = (tree: Tree) => {
  const version = (folder: string) => json<Manifest>(tree, `${folder}/package.json`)?.version ?? "";
  return {
    coreVersion: version("libs/core"),
    vendorHttpVersion: version("libs/vendor-http"),
    effectVersion: json<Manifest>(tree, "libs/core/package.json")?.dependencies["effect"] ?? "",
  };
};

/**
 * @throws Error that names the folder or the package that is in the way.
 */
const refuseWhatIsThere = (tree: Tree, kind: Kind, id: string, folder: string): void => {
  if (tree.exists(folder)) throw new Error(`${folder} is there already; choose another name, or remove it`);
  for (const other of tree.children("libs")) {
    const manifest = json<Manifest>(tree, `libs/${other}/package.json`);
    if (manifest?.candlewick?.kind === kind && manifest.candlewick.id === id) {
      throw new Error(`${kind} "${id}" is declared by ${manifest.name} already; choose another name`);
    }
  }
};

/**
 * Writes a library from the templates of its kind, and its entry in the lock file. What it gives back is done once
 * the files are on disk, and not in a dry run: the package is linked and formatted, and the author told how to go on.
 */
export const generateLibrary = (
  tree: Tree,
  kind: Kind,
  { displayName, name }: Options,
  own: Readonly<Record<string, string>>,
  nextSteps: (names: Names, folder: string) => ReadonlyArray<string>,
): GeneratorCallback => {
  const names = namesOf(name, displayName);
  const folder = `libs/${kind}-${names.id}`;
  refuseWhatIsThere(tree, kind, names.id, folder);

  const values = { ...names, ...versions(tree), ...own };
  for (const [path, text] of templatesIn(join(tree.root, "tools/templates", kind))) {
    tree.write(`${folder}/${fill(path, values)}`, fill(text, values));
  }
  const manifest = json<Manifest>(tree, `${folder}/package.json`)!;
  const lock = tree.read("package-lock.json", "utf8");
  if (lock !== null) tree.write("package-lock.json", withPackage(lock, folder, manifest));

  return () => {
    link(tree.root, manifest.name, folder);
    format(tree.root, folder);
    console.log(["", ...nextSteps(names, folder), "", SCHEMA, ""].join("\n"));
  };
};
