import type { Setting } from "@candlewick/core";
import { didYouMean } from "./Suggest.ts";
import { variableName } from "./Naming.ts";
import type { Layer } from "./Resolve.ts";
import { substitute, type Variables } from "./Variables.ts";

/** Settings from the environment and `.env`. */
export const fromVariables = (plugin: string, variables: Variables): Layer => (key, setting) =>
  variables(variableName(plugin, key, setting));

/**
 * Settings from a section of a file, with `${NAME}` replaced. `null` is an error: to take the default, leave
 * the key out.
 */
export const fromFile = (
  section: Readonly<Record<string, unknown>>,
  where: string,
  variables: Variables,
): Layer =>
(key) => {
  if (!Object.hasOwn(section, key)) return undefined;
  const origin = `${where}.${key}`;
  if (section[key] === null) {
    return { problem: `${origin}: null is no value; remove the key for the default` };
  }
  const substituted = substitute(section[key], variables);
  return "missing" in substituted
    ? {
      problem: `${origin} refers to \${${substituted.missing}}, which is not set: ` +
        `set ${substituted.missing} in the environment or in .env, or remove the key`,
    }
    : { value: substituted.value, origin };
};

/** Values that are known already, from one origin. */
export const fromValues = (values: Readonly<Record<string, unknown>>, origin: string): Layer => (key) =>
  Object.hasOwn(values, key) ? { value: values[key], origin: `${origin}: ${key}` } : undefined;

/** A problem for each key of a section that is no setting, with the one that was probably meant. */
export const unknownKeys = (
  section: Readonly<Record<string, unknown>>,
  settings: Setting.Settings | ReadonlyArray<string>,
  where: string,
): ReadonlyArray<string> => {
  const known = Array.isArray(settings) ? settings as ReadonlyArray<string> : Object.keys(settings);
  return Object.keys(section).filter((key) => !known.includes(key)).map((key) =>
    `${where}: unknown key "${key}"${didYouMean(key, known) || `; known are ${known.join(", ") || "none"}`}`
  );
};
