import type { SourceFile } from "./workspace.ts";

/** The rules, by the names reports use. */
export const rules = {
  "plugin-alone": "a plugin imports core and libraries that several plugins share, never another plugin",
  "library-below": "a library that plugins share imports core and other libraries",
  "app-discovers": "an app discovers plugins, it does not import them by name",
  "core-pure": "core imports no vendor, SQL, HTTP or file system: only the stable modules of effect",
  "declared": "a package imports only what its package.json declares",
  "inside": "a package is imported by its name, never by a path into its folder",
  "no-cycle": "packages do not import each other in a circle",
} as const;

export type Rule = keyof typeof rules;

/** A place where a rule is broken. */
export interface Violation {
  readonly rule: Rule;
  /** From the workspace root. */
  readonly path: string;
  readonly line: number;
  /** What stands there, such as `imports "postgres"`. */
  readonly what: string;
}

/** A violation by an import. */
export const byImport = (
  rule: Rule,
  file: SourceFile,
  { specifier, line }: { readonly specifier: string | undefined; readonly line: number },
): Violation => ({
  rule,
  path: file.path,
  line,
  what: specifier === undefined ? "computes what it imports" : `imports "${specifier}"`,
});

/** A line for people and editors: `libs/core/src/a.ts:3 imports "postgres" (core-pure: ...)`. */
export const describe = ({ rule, path, line, what }: Violation): string =>
  `${path}:${line} ${what} (${rule}: ${rules[rule]})`;
