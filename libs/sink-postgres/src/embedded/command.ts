import { Effect } from "effect";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";

/** A program and arguments put before another program's; empty to run it as it is. */
export type Prefix = ReadonlyArray<string>;

export interface CommandResult {
  readonly code: number;
  /** What it wrote, errors first. */
  readonly output: string;
}

/**
 * Programs see nothing of this process's environment: PGOPTIONS, PGPORT or LC_MESSAGES would change what they
 * do and say. Windows cannot start a program without SystemRoot, so there it is kept.
 */
const environment = Deno.build.os === "windows"
  ? {}
  : { clearEnv: true, env: { LC_ALL: "C", PATH: "/usr/bin:/bin:/usr/sbin:/sbin" } };

/**
 * Runs a program to its end; cannot be interrupted, so that no half-done work is left. With `silent` nothing of
 * its output is kept: on Windows a server that it starts would hold the pipe open.
 */
export const run = (
  command: readonly [program: string, ...args: ReadonlyArray<string>],
  options: { readonly cwd: string; readonly prefix: Prefix; readonly silent?: boolean },
): Effect.Effect<CommandResult, EmbeddedPostgresError> => {
  const [program = command[0], ...args] = [...options.prefix, ...command];
  const stdio = options.silent === true ? "null" : "piped";
  return Effect.tryPromise({
    try: async () => {
      const child = new Deno.Command(program, {
        args,
        cwd: options.cwd,
        stdin: "null",
        stdout: stdio,
        stderr: stdio,
        ...environment,
      });
      if (stdio === "null") return { code: (await child.spawn().status).code, output: "" };
      const { code, stdout, stderr } = await child.output();
      const decoder = new TextDecoder();
      return { code, output: decoder.decode(stderr) + decoder.decode(stdout) };
    },
    catch: (cause) => cannotRun(program, cause),
  }).pipe(Effect.uninterruptible);
};

const cannotRun = (program: string, cause: unknown): EmbeddedPostgresError => {
  const said = cause instanceof Error ? cause.message : String(cause);
  const problem = `Cannot run ${program}: ${said}`;
  if (cause instanceof Deno.errors.NotCapable) return failure("binaries", problem);
  // A program that is there but "not found" lacks its loader: the binaries are built for glibc, not musl.
  return failure("binaries", problem, "Use a system with glibc (not Alpine)");
};
