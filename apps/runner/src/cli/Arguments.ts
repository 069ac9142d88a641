import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { parseArgs } from "node:util";
import { commands, commonOptions } from "../../launch/arguments.mjs";
import {
  type IfRunning,
  ifRunnings,
  isIfRunning,
  isLogLevel,
  type LogLevel,
  logLevels,
  waitForLogin,
} from "../config/ConfigFile.ts";
import { flagName } from "../config/Naming.ts";
import { nearest } from "../config/Suggest.ts";

/** Options of every run, decoded. */
export interface CommonArguments {
  readonly dag?: string;
  readonly source?: string;
  readonly sink?: string;
  readonly sandbox: boolean;
  readonly noSandbox: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly logLevel?: LogLevel;
  readonly ifRunning?: IfRunning;
  /** Milliseconds. */
  readonly waitForLogin?: number;
}

export interface Arguments {
  readonly common: CommonArguments;
  /** Parameters by key, as typed: text, or `true` for a bare flag. */
  readonly parameters: Readonly<Record<string, string | true>>;
}

/** DAGs whose parameters a command line may give. */
export interface HasParameters {
  readonly id: string;
  readonly parameters: Setting.Settings;
}

/** Parameters of the DAGs by flag; a flag that several DAGs have is given to each of them. */
const parameterFlags = (dags: ReadonlyArray<HasParameters>) => {
  const flags = new Map<
    string,
    { readonly key: string; readonly bare: boolean; readonly expected: string }
  >();
  for (const { parameters } of dags) {
    for (const [key, setting] of Object.entries(parameters)) {
      flags.set(flagName(key), { key, bare: setting.isFlag, expected: setting.expected });
    }
  }
  return flags;
};

/**
 * Reads a command line strictly: every option known, each at most once, each with a value where it needs one.
 * Fails with all problems at once, each naming the flag.
 */
export const parse = (
  args: ReadonlyArray<string>,
  dags: ReadonlyArray<HasParameters>,
): Result.Result<Arguments, ReadonlyArray<string>> => {
  const flags = parameterFlags(dags);
  const isText = (name: string) => commonOptions[name]?.type === "string" || flags.get(name)?.bare === false;
  const names = [...Object.keys(commonOptions), ...flags.keys()];
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(names.map((name) => {
      const short = commonOptions[name]?.short;
      const type = isText(name) ? "string" as const : "boolean" as const;
      return [name, short === undefined ? { type } : { type, short }];
    })),
  });

  const problems: Array<string> = [];
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (token.index === 0 && commands.some((word) => word === token.value)) continue;
      problems.push(`unexpected "${token.value}"; options begin with --, such as --dag=historic`);
    }
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!names.includes(name)) {
      const near = nearest(name, names);
      problems.push(
        `unknown option ${rawName}` +
          (near === undefined
            ? dags.length === 0
              ? ""
              : `; ${dags.map(({ id }) => id).join(" and ")} ${
                dags.length === 1 ? "has" : "have"
              } no such parameter`
            : `; did you mean --${near}?`),
      );
    } else if (given.has(name)) {
      problems.push(`option ${rawName} is given twice`);
    } else if (isText(name)) {
      if (value === undefined || (inlineValue === false && value.startsWith("-"))) {
        problems.push(`option ${rawName} needs a value: --${name}=${exampleOf(name, flags)}`);
      } else given.set(name, value);
    } else if (value === undefined || value === "true") given.set(name, true);
    else if (flags.has(name)) given.set(name, value);
    else if (value !== "false") problems.push(`option ${rawName} takes no value`);
  }

  if (given.has("sandbox") && given.has("no-sandbox")) {
    problems.push("--sandbox and --no-sandbox: give one of them");
  }
  const level = given.get("log-level");
  if (level !== undefined && !isLogLevel(level)) {
    problems.push(`--log-level=${level}: expected one of ${logLevels.join(", ")}`);
  }
  const ifRunning = given.get("if-running");
  if (ifRunning !== undefined && !isIfRunning(ifRunning)) {
    problems.push(`--if-running=${ifRunning}: expected one of ${ifRunnings.join(", ")}`);
  }
  const typedWait = given.get("wait-for-login");
  const wait = typedWait === undefined ? Result.succeed(undefined) : Setting.decode(waitForLogin, typedWait);
  if (Result.isFailure(wait)) problems.push(`--wait-for-login: ${wait.failure}`);
  if (problems.length > 0 || Result.isFailure(wait)) return Result.fail(problems);

  const text = (name: "dag" | "source" | "sink") => {
    const value = given.get(name);
    return typeof value === "string" ? { [name]: value } : {};
  };
  return Result.succeed({
    common: {
      ...text("dag"),
      ...text("source"),
      ...text("sink"),
      sandbox: given.has("sandbox"),
      noSandbox: given.has("no-sandbox"),
      dryRun: given.has("dry-run"),
      json: given.has("json"),
      ...(isLogLevel(level) ? { logLevel: level } : {}),
      ...(isIfRunning(ifRunning) ? { ifRunning } : {}),
      ...(wait.success === undefined ? {} : { waitForLogin: wait.success }),
    },
    parameters: Object.fromEntries(
      [...given].flatMap(([name, value]) => {
        const flag = flags.get(name);
        return flag === undefined ? [] : [[flag.key, value]];
      }),
    ),
  });
};

const exampleOf = (name: string, flags: ReturnType<typeof parameterFlags>): string =>
  commonOptions[name]?.placeholder ?? `(${flags.get(name)?.expected ?? "value"})`;
