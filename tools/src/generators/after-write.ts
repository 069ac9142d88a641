import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { findRuntimes } from "../executors/runtimes.ts";

/** Makes an installed workspace find its new package, as `npm install` would. */
export const link = (workspaceRoot: string, name: string, folder: string): void => {
  const modules = join(workspaceRoot, "node_modules");
  const at = join(modules, name);
  if (!existsSync(modules) || existsSync(at)) return;
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(relative(dirname(at), join(workspaceRoot, folder)), at, "junction");
};

/** Lines break where the names that were filled in put them. */
export const format = (workspaceRoot: string, folder: string): void => {
  const { arguments: prefix, executable } = findRuntimes(workspaceRoot).deno;
  execFileSync(executable, [...prefix, "fmt", "--quiet", folder], { cwd: workspaceRoot, stdio: "inherit" });
};
