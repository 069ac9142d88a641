import type { Manifest, Plugin } from "@candlewick/core";
import { Effect } from "effect";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed } from "../../launch/packages.mjs";
import { workspaceFolder } from "../../launch/project.mjs";
import { isRecord } from "../config/DagSection.ts";
import { type Refusal, refuse } from "../Refusal.ts";

type PluginOf<K extends Manifest.PluginKind> = Extract<Plugin.Plugin, { readonly kind: K }>;

const nameOf = ({ manifest, packageName }: Manifest.Declared): string =>
  `package ${packageName}: ${manifest.kind} "${manifest.id}"`;

const describe = (value: unknown): string => {
  if (value === undefined) return "there is none";
  if (!isRecord(value) || typeof value["kind"] !== "string") return `it is ${typeof value}`;
  return `it is ${value["kind"]} "${String(value["id"])}"`;
};

/** What plugins and runner must have one copy of: errors and services of another would be strangers here. */
const SHARED = ["@candlewick/core", "effect"];

/** The folder from which a plugin would take its own copy of something shared. */
const copyBrought = (folder: string): { readonly name: string; readonly folder: string } | undefined =>
  SHARED.flatMap((name) => {
    const found = installed(folder, name)?.folder;
    return found === undefined || found === installed(workspaceFolder, name)?.folder
      ? []
      : [{ name, folder: found }];
  })[0];

/** Imports the code of one declared plugin and holds it to what its manifest says. */
export const load = <K extends Manifest.PluginKind>(
  kind: K,
  declared: Manifest.Declared,
): Effect.Effect<PluginOf<K>, Refusal> =>
  Effect.gen(function* () {
    const { manifest, folder } = declared;
    const entry = join(folder, manifest.entry);
    if (!existsSync(entry)) {
      return yield* refuse(`${nameOf(declared)}: its entry ${manifest.entry} does not exist in ${folder}`);
    }
    const copy = copyBrought(folder);
    if (copy !== undefined) {
      return yield* refuse(
        `${
          nameOf(declared)
        } brings a copy of ${copy.name} of its own, in ${copy.folder}; it must use the runner's: ` +
          `remove that copy, and let its package.json name ${copy.name} under "peerDependencies"`,
      );
    }
    const module = yield* Effect.tryPromise({
      try: (): Promise<{ readonly default?: unknown }> => import(pathToFileURL(entry).href),
      catch: (cause) =>
        refuse(
          `${nameOf(declared)} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
        ),
    });
    const plugin = module.default;
    if (!isRecord(plugin) || plugin["kind"] !== kind || plugin["id"] !== manifest.id) {
      return yield* refuse(
        `${nameOf(declared)}: the default export of ${manifest.entry} is not that plugin: ${
          describe(plugin)
        }`,
      );
    }
    return plugin as unknown as PluginOf<K>;
  });
