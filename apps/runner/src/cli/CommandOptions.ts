import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { flagName } from "../config/Naming.ts";
import { type Arguments, type CommonArguments, parse } from "./Arguments.ts";

/** What a command that is no run takes. */
export interface CommandOptions<S extends Setting.Settings> {
  /** The word that calls it. */
  readonly id: string;
  /** Beside options of runs. */
  readonly parameters: S;
  /** Options of runs that mean nothing to it. */
  readonly foreign: ReadonlyArray<Exclude<keyof CommonArguments, "noSandbox">>;
}

/** A command line that was understood, though some of it may be wrong. */
export interface CommandLine<S extends Setting.Settings> extends Pick<Arguments, "common"> {
  /** Parameters as typed. */
  readonly given: Arguments["parameters"];
  /** Parameters decoded, or by default; all there when there is no problem. */
  readonly values: Setting.Values<S>;
  readonly problems: ReadonlyArray<string>;
}

/** Reads the command line of a command as strictly as that of a run. Fails where an option is not known at all. */
export const readCommandLine = <S extends Setting.Settings>(
  args: ReadonlyArray<string>,
  { foreign, id, parameters }: CommandOptions<S>,
): Result.Result<CommandLine<S>, ReadonlyArray<string>> =>
  Result.map(parse(args, [{ id, parameters }]), ({ common, parameters: given }) => {
    const problems = foreign.filter((name) => common[name] !== undefined && common[name] !== false)
      .map((name) => `${id} has no option --${flagName(name)}`);
    const values: Record<string, unknown> = {};
    for (const [key, setting] of Object.entries<Setting.Setting<unknown>>(parameters)) {
      const typed = given[key];
      const flag = `--${flagName(key)}`;
      if (typed !== undefined) {
        const decoded = Setting.decode(setting, typed);
        if (Result.isSuccess(decoded)) values[key] = decoded.success;
        else problems.push(`${flag}: ${decoded.failure}`);
      } else if ("fallback" in setting) values[key] = setting.fallback;
      else problems.push(`${flag} is missing: give ${flag}=${setting.placeholder}`);
    }
    return { common, given, values: values as Setting.Values<S>, problems };
  });
