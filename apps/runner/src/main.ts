import { Cause, Effect } from "effect";
import process from "node:process";
import { readRequest } from "../launch/arguments.mjs";
import { type Output, processOutput } from "./display/Output.ts";
import { open as openProject } from "./project/Project.ts";
import { perform } from "./Program.ts";
import type { ExitCode, Refusal } from "./Refusal.ts";
import { runProgram } from "./run/Signals.ts";

/** A variable; those that no manifest lists are out of reach, and a plugin that asks for one is wrong. */
const environment = (name: string): string | undefined => {
  try {
    return process.env[name];
  } catch (cause) {
    throw new Error(`no manifest of this run lists the variable ${name} under "env"`, { cause });
  }
};

const args = process.argv.slice(2);
const request = readRequest(args);
const terminal = processOutput(environment);

// Only results go to stdout: what a library prints must not end up among them.
for (const method of ["log", "info", "debug"] as const) console[method] = console.error;

const refused = (output: Output, { problems, code }: Refusal): ExitCode => {
  for (const problem of problems) output.err(`${output.paintErr("red", "candlewick:")} ${problem}\n`);
  if (request.json) output.out(`${JSON.stringify({ exitCode: code, problems })}\n`);
  return code;
};

const program = Effect.gen(function* () {
  const project = yield* openProject(environment("CANDLEWICK_PROJECT") ?? process.cwd(), environment);
  const output: Output = {
    ...terminal,
    out: (text) => terminal.out(project.secrets.hide(text)),
    err: (text) => terminal.err(project.secrets.hide(text)),
  };
  return yield* Effect.catchTag(
    perform(project, request, args, output),
    "Refusal",
    (refusal) => Effect.sync(() => refused(output, refusal)),
  );
}).pipe(Effect.catchTag("Refusal", (refusal) => Effect.sync(() => refused(terminal, refusal))));

const showCursor = terminal.isLive ? "\r\x1b[J\x1b[?25h" : "";

runProgram(
  program,
  (why) => terminal.err(`${showCursor}candlewick: ${why}\n`),
  (cause) => terminal.err(`${showCursor}candlewick: a fault of the program\n${Cause.pretty(cause)}\n`),
);
