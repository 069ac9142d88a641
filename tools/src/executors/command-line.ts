/** What to start: an executable and its arguments, no shell between. */
export interface CommandLine {
  readonly executable: string;
  readonly arguments: ReadonlyArray<string>;
}

/** Where the two runtimes are on this machine. */
export interface Runtimes {
  readonly node: CommandLine;
  readonly deno: CommandLine;
}

/**
 * The options of a target of `@candlewick/tools:program`, as a package.json gives them.
 *
 * - `program`: the file to run, from the workspace root (`{projectRoot}/src/main.ts`).
 * - `runtime`: `"deno"` or `"node"`.
 * - `permissions`: Deno's permission flags. A program without any may do nothing but compute.
 * - `arguments`: arguments that come before the ones the user typed.
 */
export interface ProgramOptions {
  readonly runtime: "deno" | "node";
  readonly program: string;
  readonly permissions: ReadonlyArray<string>;
  readonly arguments: ReadonlyArray<string>;
}

const programOptions = ["runtime", "program", "permissions", "arguments"];

const isStrings = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/**
 * Checks the options of a target.
 *
 * They are read from the target's own configuration, never from what Nx merges for the executor: there an argument
 * the user typed for the program, such as `--program=x`, would replace the option of that name.
 *
 * @throws Error that names the target, the option and what it may be.
 */
export const decodeProgramOptions = (
  target: string,
  options: Readonly<Record<string, unknown>>,
): ProgramOptions => {
  const refuse = (problem: string): never => {
    throw new Error(`Target ${target}: ${problem}`);
  };
  for (const name of Object.keys(options)) {
    if (!programOptions.includes(name)) {
      refuse(`unknown option "${name}"; known are ${programOptions.join(", ")}`);
    }
  }
  const { runtime, program, permissions = [], arguments: fixed = [] } = options;
  if (runtime !== "deno" && runtime !== "node") return refuse(`"runtime" must be "deno" or "node"`);
  if (typeof program !== "string" || program === "") return refuse(`"program" must name the file to run`);
  if (!isStrings(permissions)) return refuse(`"permissions" must be a list of Deno's permission flags`);
  if (!isStrings(fixed)) return refuse(`"arguments" must be a list of strings`);
  if (runtime === "node" && permissions.length > 0) return refuse(`"permissions" are Deno's; Node has none`);
  return { runtime, program, permissions, arguments: fixed };
};

/** The command line of a program: runtime, permissions, file, the target's arguments, the user's. */
export const programCommand = (
  runtimes: Runtimes,
  options: ProgramOptions,
  typed: ReadonlyArray<string>,
): CommandLine => {
  const { executable, arguments: prefix } = runtimes[options.runtime];
  const run = options.runtime === "deno" ? ["run", "--no-prompt", ...options.permissions] : [];
  return { executable, arguments: [...prefix, ...run, options.program, ...options.arguments, ...typed] };
};
