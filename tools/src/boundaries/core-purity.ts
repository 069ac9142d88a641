import ts from "typescript";
import { lineOf } from "./imports.ts";
import type { Violation } from "./violation.ts";
import type { SourceFile } from "./workspace.ts";

/** Modules of effect that reach the outside: files, terminals, standard streams. */
const outsideModules: ReadonlySet<string> = new Set(["FileSystem", "Path", "Stdio", "Terminal"]);

/** What tests of core and `@candlewick/core/testing` may use besides. */
const testLibraries: ReadonlySet<string> = new Set(["vitest", "@effect/vitest", "fast-check"]);

/**
 * Whether core may import this of an installed package.
 *
 * Of effect that is its barrel, its top-level modules and `effect/testing`. The folders beside them (`effect/http`,
 * `effect/sql`, `effect/cli` ...) are unstable or reach the outside. The barrel is not to be taken as a whole, since
 * then nothing shows what of it is used.
 *
 * @param names what is taken from the module, as `Import.names`
 */
export const isPureForCore = (
  { name, path }: { readonly name: string; readonly path: string },
  names: ReadonlyArray<string>,
  forTests: boolean,
): boolean => {
  if (forTests && testLibraries.has(name)) return true;
  if (name !== "effect") return false;
  if (path === "") return names.every((taken) => taken !== "*" && !outsideModules.has(taken));
  if (path === "testing" || path.startsWith("testing/")) return true;
  return /^[A-Z][A-Za-z]*$/.test(path) && !outsideModules.has(path);
};

/** Globals that need no import to reach files, processes or the network. */
const outsideGlobals: ReadonlySet<string> = new Set([
  ...["Deno", "process", "globalThis", "navigator", "localStorage", "sessionStorage", "caches"],
  ...["fetch", "Request", "WebSocket", "EventSource", "XMLHttpRequest", "Worker"],
]);

const isName = (node: ts.Identifier): boolean => {
  const parent = node.parent;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isQualifiedName(parent) && parent.right === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isBindingElement(parent) && parent.propertyName === node) ||
    ((ts.isClassElement(parent) || ts.isTypeElement(parent)) && parent.name === node);
};

const declares = (node: ts.Identifier): boolean => {
  const parent = node.parent as ts.NamedDeclaration;
  return parent.name === node &&
    (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) || ts.isFunctionExpression(parent) || ts.isClassDeclaration(parent) ||
      ts.isInterfaceDeclaration(parent) || ts.isTypeAliasDeclaration(parent) ||
      ts.isTypeParameterDeclaration(parent) ||
      ts.isImportSpecifier(parent) || ts.isNamespaceImport(parent) || ts.isImportClause(parent));
};

/**
 * Where a file of core uses such a global. A name that the file declares anywhere is taken for the file's own.
 * Tests may do as they like.
 */
export const globalViolations = (file: SourceFile): ReadonlyArray<Violation> => {
  if (file.forTests) return [];
  const used: Array<ts.Identifier> = [];
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && outsideGlobals.has(node.text)) {
      if (declares(node)) declared.add(node.text);
      else if (!isName(node)) used.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  return used.filter((node) => !declared.has(node.text)).map((node) => ({
    rule: "core-pure",
    path: file.path,
    line: lineOf(file.source, node),
    what: `uses the global ${node.text}`,
  }));
};
