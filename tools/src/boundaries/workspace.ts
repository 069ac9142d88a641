import type ts from "typescript";
import { findImports, type Import, parse } from "./imports.ts";

/**
 * What a package is for, told by where it lies. A plugin is a source, a sink, a DAG or a sandbox; an app composes
 * plugins; tools are what developers run.
 */
export type PackageKind = "core" | "plugin" | "app" | "tools" | "library";

/** A source file of a package, parsed. `path` is from the workspace root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly imports: ReadonlyArray<Import>;
  /** Tests, benchmarks and what exists for tests: `*.test.ts`, `bench/`, `src/testing/`. */
  readonly forTests: boolean;
}

/** A package of the workspace. `root` is its folder from the workspace root, such as `libs/core`. */
export interface Package {
  readonly name: string;
  readonly root: string;
  readonly kind: PackageKind;
  /** Packages its package.json says it needs at run time. */
  readonly dependencies: ReadonlySet<string>;
  /** Packages its package.json names for its own tests. */
  readonly testDependencies: ReadonlySet<string>;
  readonly files: ReadonlyArray<SourceFile>;
}

/** Everything the rules look at. */
export interface Workspace {
  readonly packages: ReadonlyArray<Package>;
  /** Packages the root offers to tests and tools. */
  readonly development: ReadonlySet<string>;
}

/** The kind of the package in a folder. */
export const kindOf = (root: string): PackageKind => {
  if (root === "libs/core") return "core";
  if (/^libs\/((source|sink|dag)-[^/]+|[^/]+-sandbox)$/.test(root)) return "plugin";
  if (root.startsWith("apps/")) return "app";
  return root === "tools" ? "tools" : "library";
};

const isForTests = (pathInPackage: string): boolean =>
  /\.test\.[cm]?[jt]sx?$/.test(pathInPackage) || /^(bench|test|src\/testing)\//.test(pathInPackage);

/** Parses a file of a package. */
export const sourceFile = (root: string, path: string, text: string): SourceFile => {
  const source = parse(path, text);
  return { path, source, imports: findImports(source), forTests: isForTests(path.slice(root.length + 1)) };
};
