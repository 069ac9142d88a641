import { isPureForCore } from "./core-purity.ts";
import type { Import } from "./imports.ts";
import { resolve, type Target } from "./resolve.ts";
import { byImport, type Rule, type Violation } from "./violation.ts";
import type { Package, SourceFile, Workspace } from "./workspace.ts";

const isDeclared = (workspace: Workspace, from: Package, file: SourceFile, name: string): boolean =>
  from.dependencies.has(name) ||
  (file.forTests && from.testDependencies.has(name)) ||
  ((file.forTests || from.kind === "tools") && workspace.development.has(name));

/** The rules an import of another package of the workspace breaks. */
const workspaceRules = (
  workspace: Workspace,
  from: Package,
  file: SourceFile,
  { package: to, byPath }: Extract<Target, { readonly kind: "workspace" }>,
): ReadonlyArray<Rule> => {
  const found: Array<Rule> = [];
  const isBelow = to.kind === "core" || to.kind === "library";
  if (from.kind === "plugin" && !isBelow) found.push("plugin-alone");
  if (from.kind === "library" && !isBelow) found.push("library-below");
  if (from.kind === "app" && to.kind === "plugin") found.push("app-discovers");
  if (from.kind === "core") found.push("core-pure");
  if (byPath) found.push("inside");
  else if (!isDeclared(workspace, from, file, to.name)) found.push("declared");
  return found;
};

const brokenRules = (
  workspace: Workspace,
  from: Package,
  file: SourceFile,
  found: Import,
): ReadonlyArray<Rule> => {
  if (found.specifier === undefined) {
    // A computed import could lead anywhere, so only those may have one whose work it is.
    if (from.kind === "core") return ["core-pure"];
    return from.kind === "plugin" ? ["plugin-alone"] : [];
  }
  const target = resolve(workspace, from, file, found.specifier);
  switch (target.kind) {
    case "own":
      return [];
    case "workspace":
      return workspaceRules(workspace, from, file, target);
    case "installed":
      return [
        ...(from.kind === "core" && !isPureForCore(target, found.names, file.forTests)
          ? ["core-pure" as const]
          : []),
        ...(isDeclared(workspace, from, file, target.name) ? [] : ["declared" as const]),
      ];
    case "builtin":
    case "outside":
      return from.kind === "core" ? ["core-pure"] : [];
    case "address":
      return from.kind === "core" ? ["core-pure", "declared"] : ["declared"];
  }
};

/** Where the imports of a package break a rule. */
export const importViolations = (workspace: Workspace, from: Package): ReadonlyArray<Violation> =>
  from.files.flatMap((file) =>
    file.imports.flatMap((found) =>
      brokenRules(workspace, from, file, found).map((rule) => byImport(rule, file, found))
    )
  );
