import type { Manifest, Plugin } from "@candlewick/core";
import { Effect } from "effect";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
