import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program with one argument and with no permissions but these, and gives what it prints. */
export const runPermitted = async (
  program: string,
  argument: string,
  { env, net }: { readonly net: string; readonly env: ReadonlyArray<string> },
): Promise<string> => {
  const permissions = ["--no-prompt", `--allow-net=${net}`, `--allow-env=${env.join(",")}`];
  const { stdout } = await promisify(execFile)(Deno.execPath(), ["run", ...permissions, program, argument]);
  return stdout;
};
