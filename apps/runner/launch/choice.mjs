// @ts-check
import { join } from "node:path";
import { asRecord, readJson } from "./project.mjs";

/**
 * Which source or sink a run uses: the one asked for, else the configured one, else the only one there is.
 *
 * @typedef {{ id: string } | { problem: string }} Choice
 * @param {"source" | "sink"} kind
 * @param {ReadonlyArray<string>} known ids of this kind
 * @param {string | undefined} asked by `--source` or `--sink`
 * @param {string | undefined} configured
 * @returns {Choice}
 */
export const choose = (kind, known, asked, configured) => {
  const id = asked ?? configured ?? (known.length === 1 ? known[0] : undefined);
  if (id !== undefined && known.includes(id)) return { id };
  const all = known.length === 0 ? `there is no ${kind}` : `there is ${[...known].sort().join(", ")}`;
  if (id === undefined) {
    return {
      problem: known.length === 0
        ? `there is no ${kind}: add its package to the workspace, or name an installed one under "plugins" in config/config.json`
        : `several ${kind}s (${[...known].sort().join(", ")}): choose one with --${kind}=ID, ` +
          `or with "${kind}" in config/config.json`,
    };
  }
  return {
    problem: asked === undefined ? `configured ${kind} "${id}": ${all}` : `--${kind}=${id}: ${all}`,
  };
};

/**
 * The configured choice: `config/config.json` counts more than the `candlewick` field of the project's own
 * package.json, which holds the defaults that everyone who clones the project gets.
 *
 * @param {"source" | "sink"} kind
 * @param {string} project
 * @param {unknown} config
 * @returns {string | undefined}
 */
export const configured = (kind, project, config) => {
  const own = asRecord(asRecord(readJson(join(project, "package.json")))["candlewick"]);
  const id = asRecord(config)[kind] ?? own[kind];
  return typeof id === "string" ? id : undefined;
};
