import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

/**
 * Compiles sources and all they import from below `from` into `to`: JavaScript and declarations. Types are not judged,
 * that is what the target `check` is for.
 *
 * Node and Deno load no TypeScript from `node_modules`, so a published package must hold JavaScript.
 */
export const compile = (entries: ReadonlyArray<string>, from: string, to: string): ReadonlyArray<string> => {
  const program = ts.createProgram([...entries], {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    declaration: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    rootDir: from,
    outDir: to,
  });
  const written: Array<string> = [];
  for (const file of program.getSourceFiles()) {
    const inside = relative(from, file.fileName);
    if (inside.startsWith("..") || inside.split(sep).includes("node_modules") || file.isDeclarationFile) {
      continue;
    }
    program.emit(file, (path, text) => {
      const target = join(to, relative(to, path));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      written.push(target);
    });
  }
  const missing = entries.find((entry) => !existsSync(entry));
  if (missing !== undefined) throw new Error(`there is no ${missing}`);
  return written;
};
