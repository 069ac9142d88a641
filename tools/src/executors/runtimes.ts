import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Runtimes } from "./command-line.ts";

/**
 * Finds the Deno that npm installed with the workspace; Node is the one that runs Nx.
 *
 * The binary itself is preferred: the npm package's launcher waits for it synchronously and so cannot pass a signal
 * on. The launcher serves where install scripts are off and the binary is not in place yet.
 */
export const findRuntimes = (workspaceRoot: string): Runtimes => {
  const installed = dirname(createRequire(join(workspaceRoot, "package.json")).resolve("deno/package.json"));
  const binary = join(installed, process.platform === "win32" ? "deno.exe" : "deno");
  const node = { executable: process.execPath, arguments: [] };
  return {
    node,
    deno: existsSync(binary)
      ? { executable: binary, arguments: [] }
      : { executable: process.execPath, arguments: [join(installed, "bin.cjs")] },
  };
};
