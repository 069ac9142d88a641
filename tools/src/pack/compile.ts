import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { findImports, parse } from "../boundaries/imports.ts";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/**
 * Writes as JavaScript, in the same folders below `to`, the sources below `from` that the entries need. Types are gone
 * and not judged: that is what the target `check` is for.
 *
 * A published package holds JavaScript because neither Node nor Deno loads TypeScript from `node_modules`.
 */
export const compile = (entries: ReadonlyArray<string>, from: string, to: string): void => {
  const needed = new Set(entries);
  for (const path of needed) {
    const text = readFileSync(path, "utf8");
    const target = join(to, relative(from, path).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(text, { compilerOptions: options, fileName: path }).outputText);
    for (const { specifier = "" } of findImports(parse(path, text))) {
      if (/^\.\.?\/.*\.ts$/.test(specifier)) needed.add(join(dirname(path), specifier));
    }
  }
};
