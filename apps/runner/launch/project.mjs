// @ts-check
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
// As a whole: on a Node without `parseEnv` the launcher still starts, and says which Node it needs.
import * as util from "node:util";

/** The workspace that this runner belongs to. */
export const workspaceFolder = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** Files of a project, relative to its folder. */
export const files = {
  config: "config/config.json",
  schema: "config/config.schema.json",
  dotEnv: ".env",
  /** Everything a run writes beside the database lies here. */
  state: ".candlewick",
};

/**
 * A file's JSON, `undefined` when the file is absent or is no JSON.
 *
 * @param {string} path
 * @returns {unknown}
 */
export const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};

/**
 * @param {unknown} value
 * @returns {Readonly<Record<string, unknown>>}
 */
export const asRecord = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : {};

/** @param {string} folder */
const isProject = (folder) =>
  existsSync(join(folder, files.config)) ||
  "workspaces" in asRecord(readJson(join(folder, "package.json")));

/**
 * The project whose configuration and state count: `CANDLEWICK_PROJECT`, or the nearest folder at or above the
 * working directory with `config/config.json` or npm workspaces, or the runner's own workspace.
 *
 * @param {string | undefined} named
 * @param {string} cwd
 */
export const projectFolder = (named, cwd) => {
  if (named !== undefined && named !== "") return resolve(cwd, named);
  for (let folder = resolve(cwd);; folder = dirname(folder)) {
    if (isProject(folder)) return folder;
    if (dirname(folder) === folder) return workspaceFolder;
  }
};

/**
 * Variables of a project's `.env`. Empty when there is none; variables set to nothing count as not set.
 *
 * @param {string} project
 * @returns {Readonly<Record<string, string>>}
 */
export const readDotEnv = (project) => {
  const path = join(project, files.dotEnv);
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    Object.entries(util.parseEnv(readFileSync(path, "utf8"))).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]]
    ),
  );
};
