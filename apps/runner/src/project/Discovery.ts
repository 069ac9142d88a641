import { Manifest } from "@candlewick/core";
import { Result } from "effect";
import { findPackages } from "../../launch/packages.mjs";

type Declared = Manifest.Declared;

/**
 * Plugins that the packages of a project declare; no code of theirs is loaded. Problems name the packages: a
 * manifest that is wrong or made for another core, a package that is not there, two plugins with one id.
 */
export const discover = (
  project: string,
  named: ReadonlyArray<string>,
): { readonly declared: ReadonlyArray<Declared>; readonly problems: ReadonlyArray<string> } => {
  const { packages, missing } = findPackages(project, named);
  const problems = missing.map((name) =>
    `config/config.json: plugins: package ${name} is not installed; run npm install ${name}, or remove it`
  );
  const declared: Array<Declared> = [];
  for (const { name, folder, field } of packages) {
    const read = Manifest.read(name, folder, field);
    if (Result.isFailure(read)) problems.push(read.failure);
    else if (read.success !== undefined) declared.push(read.success);
    else if (named.includes(name)) {
      problems.push(
        `config/config.json: plugins: package ${name} is no plugin: its package.json has no "candlewick" field`,
      );
    }
  }
  return { declared, problems: [...problems, ...Manifest.clashes(declared)] };
};

export const ofKind = (
  declared: ReadonlyArray<Declared>,
  kind: Manifest.PluginKind,
): ReadonlyArray<Declared> => declared.filter(({ manifest }) => manifest.kind === kind);
