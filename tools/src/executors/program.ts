import type { ExecutorContext } from "@nx/devkit";
import { decodeProgramOptions, programCommand } from "./command-line.ts";
import { runToEnd } from "./run-to-end.ts";
import { findRuntimes } from "./runtimes.ts";

/**
 * Runs a program of the workspace, from the workspace root, with the terminal and the typed arguments for itself.
 * `ProgramOptions` says what a target may set.
 */
const runProgram = async (
  { typed }: { readonly typed: ReadonlyArray<string> },
  context: ExecutorContext,
): Promise<{ readonly success: boolean }> => {
  const target = `${context.projectName}:${context.targetName}`;
  const options = decodeProgramOptions(target, context.target?.options ?? {});
  return {
    success: await runToEnd(programCommand(findRuntimes(context.root), options, typed), context.root),
  };
};

export default runProgram;
