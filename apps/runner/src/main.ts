import { Cause, Effect } from "effect";
import process from "node:process";
import { readRequest } from "../launch/arguments.mjs";
import { type Output, processOutput } from "./display/Output.ts";
import { guardConsole, guardErrors } from "./log/Guard.ts";
import { open as openProject } from "./project/Project.ts";
import { perform } from "./Program.ts";
import { ExitCode, type Refusal } from "./Refusal.ts";
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

/** What no output may show; known once the project is open. */
let hide = (text: string): string => text;
const output: Output = {
  ...terminal,
  out: (text) => terminal.out(hide(text)),
  err: (text) => terminal.err(hide(text)),
};
guardConsole(console, output.err);

const refused = ({ problems, code }: Refusal): ExitCode => {
  for (const problem of problems) output.err(`${output.paintErr("red", "candlewick:")} ${problem}\n`);
  if (request.json) output.out(`${JSON.stringify({ exitCode: code, problems })}\n`);
  return code;
};

const program = Effect.gen(function* () {
  const project = yield* openProject(environment("CANDLEWICK_PROJECT") ?? process.cwd(), environment);
  hide = (text) => project.secrets.hide(text);
  return yield* perform(project, request, args, output);
}).pipe(Effect.catchTag("Refusal", (refusal) => Effect.sync(() => refused(refusal))));

const showCursor = terminal.isLive ? "\r\x1b[J\x1b[?25h" : "";

const tellFault = (cause: Cause.Cause<never>): void =>
  output.err(`${showCursor}candlewick: a fault of the program\n${Cause.pretty(cause)}\n`);

guardErrors(globalThis, (cause) => {
  tellFault(cause);
  process.exit(ExitCode.failed);
});

runProgram(program, (why) => output.err(`${showCursor}candlewick: ${why}\n`), tellFault);
