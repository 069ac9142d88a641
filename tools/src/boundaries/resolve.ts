import { isBuiltin } from "node:module";
import { posix } from "node:path";
import type { Package, SourceFile, Workspace } from "./workspace.ts";

/** What an import leads to. */
export type Target =
  /** A file of the same package. */
  | { readonly kind: "own" }
  /** Another package of the workspace, by its name or by a path into its folder. */
  | { readonly kind: "workspace"; readonly package: Package; readonly byPath: boolean }
  /** An installed package; `path` is what follows its name. */
  | { readonly kind: "installed"; readonly name: string; readonly path: string }
  /** A module of the runtime, such as `node:fs`. */
  | { readonly kind: "builtin" }
  /** An address that brings its own version: `npm:`, `jsr:`, `https:`. */
  | { readonly kind: "address" }
  /** A file of the workspace outside every package. */
  | { readonly kind: "outside" };

const packageName = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const packageAt = (workspace: Workspace, path: string): Package | undefined =>
  workspace.packages.find(({ root }) => path === root || path.startsWith(`${root}/`));

/** Finds what an import of a file leads to, by the text alone: nothing is looked up on disk. */
export const resolve = (workspace: Workspace, from: Package, file: SourceFile, specifier: string): Target => {
  if (/^\.\.?(\/|$)/.test(specifier)) {
    const found = packageAt(workspace, posix.join(posix.dirname(file.path), specifier));
    if (found === undefined) return { kind: "outside" };
    return found === from ? { kind: "own" } : { kind: "workspace", package: found, byPath: true };
  }
  if (isBuiltin(specifier)) return { kind: "builtin" };
  if (/^[a-z]+:/.test(specifier) || specifier.startsWith("/")) return { kind: "address" };
  const name = packageName(specifier);
  const found = workspace.packages.find((candidate) => candidate.name === name);
  if (found === from) return { kind: "own" };
  if (found !== undefined) return { kind: "workspace", package: found, byPath: false };
  return { kind: "installed", name, path: specifier.slice(name.length + 1) };
};
