import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

const isSource = (name: string) => /\.(ts|js|mjs)$/.test(name);
const isTest = (name: string) => name.endsWith(".test.ts");
const isForeign = (name: string) => name === "node_modules" || name === "dist" || name.startsWith(".");

/** What a package's folder holds, as far as its targets depend on it. */
export interface PackageFiles {
  readonly hasSources: boolean;
  readonly hasTests: boolean;
}

function* fileNames(directory: string): Generator<string> {
  let entries: Array<Dirent>;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    return; // gone since it was listed: others may write to the tree meanwhile
  }
  for (const entry of entries) {
    if (isForeign(entry.name)) continue;
    if (entry.isDirectory()) yield* fileNames(join(directory, entry.name));
    else yield entry.name;
  }
}

/** Looks through a package's folder, without its dependencies and hidden files, until everything is known. */
export const packageFiles = (directory: string): PackageFiles => {
  let hasSources = false;
  for (const name of fileNames(directory)) {
    if (isTest(name)) return { hasSources: true, hasTests: true };
    hasSources ||= isSource(name);
  }
  return { hasSources, hasTests: false };
};
