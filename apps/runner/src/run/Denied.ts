import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asRecord, readJson } from "../../launch/project.mjs";

/** The plugin whose package a file belongs to, as its manifest calls it. */
const pluginOf = (path: string): string | undefined => {
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    if (!existsSync(join(folder, "package.json"))) continue;
    const { name, candlewick } = asRecord(readJson(join(folder, "package.json")));
    const { kind, id } = asRecord(candlewick);
    return typeof kind === "string" && typeof id === "string"
      ? `${kind} "${id}" (package ${String(name)})`
      : undefined;
  }
  return undefined;
};

/** The plugin whose code stands nearest to where an error was made. */
const culpritOf = ({ stack = "" }: Error): string | undefined => {
  for (const [url] of stack.matchAll(/file:\/\/[^\s)]+?(?=:\d+:\d+)/g)) {
    const plugin = pluginOf(fileURLToPath(url));
    if (plugin !== undefined) return plugin;
  }
  return undefined;
};

/** Deno's refusal of a permission in our own terms: who wanted what. `undefined` for any other error. */
export const deniedText = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const [, kind, target] = /^Requires (\w+) access to (.+?), run again with/.exec(error.message) ?? [];
  if (kind === undefined) return undefined;
  const what = `no permission (${kind}) for ${target}: no plugin of this run lists it in its manifest`;
  const culprit = culpritOf(error);
  return culprit === undefined ? what : `${what}; asked for by ${culprit}`;
};
