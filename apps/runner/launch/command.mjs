// @ts-check
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readRequest } from "./arguments.mjs";
import { choose, configured } from "./choice.mjs";
import { memoryFlags } from "./memory.mjs";
import { findPackages, namedPlugins } from "./packages.mjs";
import { askedBy, grantsVariable, permissionFlags } from "./permissions.mjs";
import { files, projectFolder, readDotEnv, readJson, workspaceFolder } from "./project.mjs";

/** @typedef {import("./permissions.mjs").Asked} Asked */

/**
 * The plugins whose needs a request must be granted. Sources, sinks and sandboxes only when they are the chosen
 * ones; DAGs talk to nothing themselves, so they get their variables only.
 *
 * @param {import("./arguments.mjs").Request} request
 * @param {ReadonlyArray<Asked>} all
 * @param {string} project
 * @param {unknown} config
 * @returns {ReadonlyArray<Asked>}
 */
const involved = (request, all, project, config) => {
  /** @param {Asked} plugin */
  const withoutReach = (plugin) => ({
    ...plugin,
    net: [],
    read: [],
    run: [],
    ffi: [],
    write: [],
    sys: [],
  });
  /** @param {"source" | "sink"} kind */
  const chosen = (kind) => {
    const known = all.filter((plugin) => plugin.kind === kind);
    const choice = choose(kind, known.map(({ id }) => id), request[kind], configured(kind, project, config));
    return known.filter((plugin) => "id" in choice && plugin.id === choice.id);
  };
  switch (request.action) {
    case "list":
    case "calendar":
    case "version":
      return [];
    case "help":
    case "schema":
      return all.map(withoutReach);
    case "login":
      return chosen("source");
    // What the source's settings are tells whether its data is real or pretended; it is asked for nothing.
    case "db":
      return [...chosen("source").map(withoutReach), ...chosen("sink")];
    case "export":
      return [
        ...chosen("source").map(withoutReach),
        ...chosen("sink"),
        ...all.filter((plugin) => plugin.formats.length > 0).map((plugin) => ({
          ...plugin,
          net: [],
          run: [],
        })),
      ];
    case "run": {
      const source = chosen("source");
      return [
        ...source,
        ...all.filter((plugin) => plugin.kind === "sandbox" && plugin.for === source[0]?.id),
        ...chosen("sink"),
        ...all.filter((plugin) => plugin.kind === "dag").map(withoutReach),
      ];
    }
  }
};

/**
 * How to start the program for a command line: arguments for Deno, and the environment. Variables of `.env`
 * that a plugin declares are put into the environment where they are not set, for libraries that read it
 * themselves.
 *
 * @param {{ args: ReadonlyArray<string>, env: Readonly<Record<string, string | undefined>>, cwd: string }} options
 * @returns {{ args: Array<string>, env: Record<string, string> }}
 */
export const denoCommand = ({ args, env, cwd }) => {
  const request = readRequest(args);
  const project = projectFolder(env["CANDLEWICK_PROJECT"], cwd);
  const config = readJson(join(project, files.config));
  const dotEnv = readDotEnv(project);
  /** @type {Record<string, string>} */
  const set = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]]
    ),
  );
  const variables = { ...dotEnv, ...set };
  const { packages } = findPackages(project, namedPlugins(config));
  const plugins = packages.flatMap((found) => askedBy(found) ?? []);
  const flags = permissionFlags({
    plugins: involved(request, plugins, project, config),
    config,
    variables,
    read: [project, workspaceFolder, ...plugins.map(({ folder }) => folder)],
    write: request.out === undefined ? [] : [dirname(resolve(cwd, request.out))],
    project,
    state: join(project, files.state),
    works: ["run", "login", "db", "export"].includes(request.action),
  });
  const denoJson = join(workspaceFolder, "deno.json");
  return {
    args: [
      "run",
      "--no-prompt",
      memoryFlags,
      "--cached-only",
      ...(existsSync(denoJson) ? [`--config=${denoJson}`] : ["--node-modules-dir=manual"]),
      ...flags,
      fileURLToPath(new URL("../src/main.ts", import.meta.url)),
      ...args,
    ],
    env: {
      ...Object.fromEntries(Object.entries(dotEnv).filter(([name]) => grantsVariable(name, flags))),
      ...set,
      CANDLEWICK_PROJECT: project,
      DENO_NO_UPDATE_CHECK: "1",
    },
  };
};
