import { Setting } from "@candlewick/core";
import { Result } from "effect";
import { parseArgs } from "node:util";
import { commonOptions } from "../../launch/arguments.mjs";
import type { CommonArguments } from "../cli/Arguments.ts";
import { type CommandOptions, readCommandLine } from "../cli/CommandOptions.ts";
import { flagName } from "../config/Naming.ts";
import { didYouMean } from "../config/Suggest.ts";

export const verbs = ["status", "backup", "restore", "truncate"] as const;
export type Verb = typeof verbs[number];

const parameters = {
  tables: Setting.list({ description: "Tables to empty; all when none is named", placeholder: "a,b" }),
  yes: Setting.flag({ description: "Do it without asking" }),
};

/** What `candlewick db` takes beside options of a run. */
export const dbOptions = {
  id: "db",
  parameters,
  foreign: ["dag", "dryRun", "waitForLogin"],
} satisfies CommandOptions<typeof parameters>;

export interface DbFlags {
  readonly verb: Verb;
  /** Of the backup to restore. */
  readonly name?: string;
  /** Empty for all. */
  readonly tables: ReadonlyArray<string>;
  readonly yes: boolean;
  readonly common: CommonArguments;
}

/** Options that only some of the commands have. */
const own: Readonly<Record<Verb, ReadonlyArray<string>>> = {
  status: [],
  backup: [],
  restore: ["yes"],
  truncate: ["tables", "yes"],
};

/** Splits the words of a command line from its options: words may stand anywhere after `db`. */
const split = (args: ReadonlyArray<string>) => {
  const options = Object.fromEntries([
    ...Object.entries(commonOptions).map(([name, { type }]) => [name, { type }] as const),
    ...Object.entries(parameters).map(([name, { isFlag }]) =>
      [name, { type: isFlag ? "boolean" as const : "string" as const }] as const
    ),
  ]);
  const rest = args.slice(1);
  const { tokens } = parseArgs({ args: rest, strict: false, allowPositionals: true, tokens: true, options });
  const places = tokens.flatMap((token) => token.kind === "positional" ? [token.index] : []);
  return {
    words: places.map((place) => rest[place]!),
    others: rest.filter((word, place) => !places.includes(place) && word !== "--"),
  };
};

const ALL = verbs.slice(0, -1).join(", ") + ` or ${verbs.at(-1)}`;

/** Reads the command line of `candlewick db`. */
export const readFlags = (args: ReadonlyArray<string>): Result.Result<DbFlags, ReadonlyArray<string>> => {
  const { others, words: [word, operand, ...excess] } = split(args);
  const verb = verbs.find((one) => one === word);
  const problems: Array<string> = [];
  if (word === undefined) problems.push(`db needs a command: ${ALL}; --help explains`);
  else if (verb === undefined) {
    problems.push(`db has no command "${word}"${didYouMean(word, verbs) || `; it has ${ALL}`}`);
  }
  const unexpected = verb === "restore" || verb === "truncate"
    ? excess
    : verb === undefined
    ? []
    : [operand, ...excess];
  problems.push(...unexpected.filter((one) => one !== undefined).map((one) => `unexpected "${one}"`));

  const line = readCommandLine(["db", ...others], dbOptions);
  if (Result.isFailure(line)) return Result.fail([...problems, ...line.failure]);
  const { common, given, problems: wrong, values } = line.success;
  problems.push(...wrong);
  for (const name of Object.keys(given)) {
    if (verb !== undefined && !own[verb].includes(name)) {
      problems.push(`db ${verb} has no option --${flagName(name)}`);
    }
  }
  const named = Setting.decode(parameters.tables, verb === "truncate" ? operand ?? [] : []);
  if (Result.isFailure(named)) problems.push(`--tables: ${named.failure}`);
  if (problems.length > 0 || verb === undefined || Result.isFailure(named)) return Result.fail(problems);
  return Result.succeed({
    verb,
    ...(verb === "restore" && operand !== undefined ? { name: operand } : {}),
    tables: [...new Set([...named.success, ...values.tables])],
    yes: values.yes,
    common,
  });
};
