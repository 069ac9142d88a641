import ts from "typescript";

/**
 * How a file names another module: a static `import` or `export ... from`, a call of `import()` or `require()`, or a
 * type, `import("...").T`.
 */
export type ImportForm = "static" | "call" | "type";

/** One place where a file names another module. */
export interface Import {
  /** The module as written; `undefined` where it is computed, as in `import(path)`. */
  readonly specifier: string | undefined;
  readonly form: ImportForm;
  /** The names taken from it, as the other module calls them; `*` for the whole module. */
  readonly names: ReadonlyArray<string>;
  /** Counted from 1. */
  readonly line: number;
}

/** Parses a file with TypeScript's own parser. */
export const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

/** The line a node begins on, counted from 1. */
export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

const importedNames = (clause: ts.ImportClause | undefined): ReadonlyArray<string> => {
  const bindings = clause?.namedBindings;
  return [
    ...(clause?.name === undefined ? [] : ["default"]),
    ...(bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
      ? ["*"]
      : bindings.elements.map((element) => (element.propertyName ?? element.name).text)),
  ];
};

const exportedNames = (clause: ts.NamedExportBindings | undefined): ReadonlyArray<string> =>
  clause !== undefined && ts.isNamedExports(clause)
    ? clause.elements.map((element) => (element.propertyName ?? element.name).text)
    : ["*"];

const isModuleCall = (node: ts.CallExpression): boolean =>
  node.expression.kind === ts.SyntaxKind.ImportKeyword ||
  (ts.isIdentifier(node.expression) && node.expression.text === "require");

const literal = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

/** Every import of a file, in whatever form, in the order of the text. */
export const findImports = (source: ts.SourceFile): ReadonlyArray<Import> => {
  const found: Array<Import> = [];
  const add = (
    node: ts.Node,
    form: ImportForm,
    specifier: ts.Node | undefined,
    names: ReadonlyArray<string>,
  ) => {
    found.push({ specifier: literal(specifier), form, names, line: lineOf(source, node) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, "static", node.moduleSpecifier, importedNames(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, "static", node.moduleSpecifier, exportedNames(node.exportClause));
    } else if (ts.isExternalModuleReference(node)) {
      add(node, "static", node.expression, ["*"]);
    } else if (ts.isCallExpression(node) && isModuleCall(node)) {
      add(node, "call", node.arguments[0], ["*"]);
    } else if (ts.isImportTypeNode(node)) {
      add(node, "type", ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, ["*"]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
