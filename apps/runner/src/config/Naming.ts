import type { Setting } from "@candlewick/core";

/** `batchSize` as a flag: `batch-size`. */
export const flagName = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `batchSize` as a variable: `BATCH_SIZE`. */
const constantCase = (key: string): string => flagName(key).replaceAll("-", "_").toUpperCase();

/** The environment variable of a setting: its own name, or the plugin's id and the key: `KITE_API_KEY`. */
// deno-lint-ignore no-explicit-any -- settings of any value type
export const variableName = (plugin: string, key: string, setting: Setting.Setting<any>): string =>
  setting.env ?? `${constantCase(plugin)}_${constantCase(key)}`;
