import type { Plugin, Setting } from "@candlewick/core";
import { Result } from "effect";
import { keyOf } from "../config/DagSection.ts";
import { fromFile, fromValues, fromVariables, unknownKeys } from "../config/Layers.ts";
import { flagName, variableName } from "../config/Naming.ts";
import { type Layer, resolve, type Resolved } from "../config/Resolve.ts";
import type { DagEntry } from "../project/DagCatalogue.ts";
import type { Project } from "../project/Project.ts";

/** A DAG with its code loaded. */
export interface LoadedDag {
  readonly entry: DagEntry;
  readonly plugin: Plugin.DagPlugin;
}

/** Parameters from the command line, by key. */
const fromFlags = (given: Readonly<Record<string, string | true>>): Layer => (key) =>
  Object.hasOwn(given, key) ? { value: given[key], origin: `--${flagName(key)}` } : undefined;

/** The sandbox's defaults for a DAG, unless the command line chooses otherwise. */
const fromSandbox = (
  dag: string,
  sandbox: Plugin.SandboxSession | undefined,
  flags: Readonly<Record<string, unknown>>,
): ReadonlyArray<Layer> => {
  const parameters = sandbox?.parameters[dag];
  const isOff = (sandbox?.unless?.[dag] ?? []).some((key) => Object.hasOwn(flags, key));
  return parameters === undefined || isOff ? [] : [fromValues(parameters, "sandbox")];
};

/** The values of a DAG's parameters, each from the place that counts most. */
export const parametersOf = (
  project: Project,
  { entry, plugin }: LoadedDag,
  flags: Readonly<Record<string, string | true>>,
  sandbox: Plugin.SandboxSession | undefined,
): Result.Result<Resolved<Setting.Settings>, ReadonlyArray<string>> => {
  const sections = entry.sections.map(({ where, parameters }) => ({
    where: keyOf(where, "parameters"),
    parameters,
  }));
  const unknown = sections.flatMap((section) =>
    unknownKeys(section.parameters, plugin.parameters, section.where)
  );
  if (unknown.length > 0) return Result.fail(unknown);
  return resolve(
    plugin.parameters,
    [
      fromFlags(flags),
      fromVariables(entry.id, project.variables),
      ...sections.map((section) => fromFile(section.parameters, section.where, project.variables)),
      ...fromSandbox(entry.id, sandbox, flags),
    ],
    (key, setting) =>
      `give --${flagName(key)}=${setting.placeholder}, or set ${variableName(entry.id, key, setting)}`,
  );
};
