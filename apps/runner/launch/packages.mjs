// @ts-check
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { asRecord, readJson } from "./project.mjs";

/**
 * A package that may hold a plugin: its name, its real folder, and the `candlewick` field of its package.json
 * as it stands there, unchecked.
 *
 * @typedef {{ name: string, folder: string, field: unknown }} Package
 */

/**
 * Folders that an npm workspace pattern names: `libs/core`, or `libs/*` for every folder in `libs`.
 *
 * @param {string} project
 * @param {string} pattern
 * @returns {ReadonlyArray<string>}
 */
const foldersOf = (project, pattern) => {
  const plain = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  if (!plain.endsWith("/*")) return [join(project, plain)];
  const parent = join(project, plain.slice(0, -2));
  if (!existsSync(parent)) return [];
  return readdirSync(parent).sort().map((name) => join(parent, name));
};

/** @param {string} folder @returns {Package | undefined} */
const packageAt = (folder) => {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const { name, candlewick } = asRecord(readJson(path));
  return typeof name === "string" ? { name, folder: realpathSync(folder), field: candlewick } : undefined;
};

/**
 * An installed package, found as modules are: in `node_modules` of the folder or of one above it.
 *
 * @param {string} folder
 * @param {string} name
 * @returns {Package | undefined}
 */
export const installed = (folder, name) => {
  const found = packageAt(join(folder, "node_modules", name));
  if (found !== undefined) return found;
  return dirname(folder) === folder ? undefined : installed(dirname(folder), name);
};

/**
 * The packages of a project: those of its workspace, and those its configuration names under `plugins`.
 * `missing` are named ones that are not installed.
 *
 * @param {string} project
 * @param {ReadonlyArray<string>} named
 * @returns {{ packages: ReadonlyArray<Package>, missing: ReadonlyArray<string> }}
 */
export const findPackages = (project, named) => {
  const { workspaces } = asRecord(readJson(join(project, "package.json")));
  const patterns = Array.isArray(workspaces) ? workspaces : asRecord(workspaces)["packages"];
  /** @type {Map<string, Package>} */
  const byFolder = new Map();
  /** @type {Array<string>} */
  const missing = [];
  for (const pattern of Array.isArray(patterns) ? patterns : []) {
    for (const folder of foldersOf(project, String(pattern))) {
      const found = packageAt(folder);
      if (found !== undefined) byFolder.set(found.folder, found);
    }
  }
  for (const name of named) {
    const found = installed(project, name);
    if (found === undefined) missing.push(name);
    else byFolder.set(found.folder, found);
  }
  return { packages: [...byFolder.values()], missing };
};

/**
 * The plugin names in a configuration, as far as it has any.
 *
 * @param {unknown} config
 * @returns {ReadonlyArray<string>}
 */
export const namedPlugins = (config) => {
  const { plugins } = asRecord(config);
  return Array.isArray(plugins) ? plugins.filter((name) => typeof name === "string") : [];
};
