import { Setting } from "@candlewick/core";
import { Result } from "effect";

// deno-lint-ignore no-explicit-any -- settings of any value type
export type AnySetting = Setting.Setting<any>;

/** A value that a user gave, and where: `--from`, `.env: KITE_API_KEY`, `config/config.json: sink`. */
export type Given =
  | { readonly value: unknown; readonly origin: string }
  | { readonly problem: string };

/** One place where values may stand; earlier places count more. */
export type Layer = (key: string, setting: AnySetting) => Given | undefined;

export interface Resolved<S extends Setting.Settings> {
  readonly values: Setting.Values<S>;
  /** Where each given value came from; keys that took their default are absent. */
  readonly origins: Readonly<Record<string, string>>;
  /** Keys that took their default. */
  readonly defaulted: ReadonlyArray<string>;
}

/**
 * Each setting's value from the first layer that has one, else its default. Fails with all problems at once: a
 * value that does not decode names its origin and what was expected, a missing one names `ways` to give it.
 */
export const resolve = <S extends Setting.Settings>(
  settings: S,
  layers: ReadonlyArray<Layer>,
  ways: (key: string, setting: AnySetting) => string,
): Result.Result<Resolved<S>, ReadonlyArray<string>> => {
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  const defaulted: Array<string> = [];
  const problems: Array<string> = [];
  for (const [key, setting] of Object.entries(settings)) {
    const given = firstOf(layers, key, setting);
    if (given === undefined) {
      if ("fallback" in setting) {
        values[key] = setting.fallback;
        defaulted.push(key);
      } else {
        problems.push(`"${key}" is missing (${setting.description}): ${ways(key, setting)}`);
      }
    } else if ("problem" in given) {
      problems.push(given.problem);
    } else {
      const decoded = Setting.decode(setting, given.value);
      if (Result.isSuccess(decoded)) {
        values[key] = decoded.success;
        origins[key] = given.origin;
      } else {
        problems.push(`${given.origin}: ${decoded.failure}`);
      }
    }
  }
  return problems.length > 0
    ? Result.fail(problems)
    : Result.succeed({ values: values as Setting.Values<S>, origins, defaulted });
};

const firstOf = (layers: ReadonlyArray<Layer>, key: string, setting: AnySetting): Given | undefined => {
  for (const layer of layers) {
    const given = layer(key, setting);
    if (given !== undefined) return given;
  }
  return undefined;
};
