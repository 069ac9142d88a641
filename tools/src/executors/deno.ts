import type { ExecutorContext } from "@nx/devkit";
import { runToEnd } from "./run-to-end.ts";
import { findRuntimes } from "./runtimes.ts";

/** Runs Deno, from the workspace root, with the target's `arguments` and then the typed ones. */
const runDeno = async (
  { typed }: { readonly typed: ReadonlyArray<string> },
  context: ExecutorContext,
): Promise<{ readonly success: boolean }> => {
  const fixed: ReadonlyArray<string> = context.target?.options?.arguments ?? [];
  const { executable, arguments: prefix } = findRuntimes(context.root).deno;
  return {
    success: await runToEnd({ executable, arguments: [...prefix, ...fixed, ...typed] }, context.root),
  };
};

export default runDeno;
