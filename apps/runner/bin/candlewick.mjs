#!/usr/bin/env node
// @ts-check
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { denoCommand } from "../launch/command.mjs";

/**
 * Starts the program on the project's own Deno with the permissions this run needs and no others. Arguments go
 * through as they came; the exit code is the program's.
 */

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  process.stderr.write(`candlewick needs Node 20.12 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}

/** The native binary where the package's install step has put it, else the package's own way to find it. */
const findDeno = () => {
  const folder = dirname(createRequire(import.meta.url).resolve("deno/package.json"));
  const binary = join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  return existsSync(binary) ? [binary] : [process.execPath, join(folder, "bin.cjs")];
};

/** @type {Array<string>} */
let deno = [];
try {
  deno = findDeno();
} catch {
  process.stderr.write("candlewick: Deno is not installed here; run `npm ci` in the project first\n");
  process.exit(2);
}

const { args, env } = denoCommand({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() });
/** A crash must leave no image of a memory that holds secrets; only a shell can see to that. */
const withoutCores = existsSync("/bin/sh") ? ["/bin/sh", "-c", 'ulimit -c 0; exec "$0" "$@"'] : [];

/** What the program itself ends with once it listens to signals. */
const INTERRUPTED = 130;

// Before the program starts: a launcher that a signal ends would leave it behind, at work. What comes while it is
// being started waits here. From a terminal the program gets Ctrl-C itself, too; it takes signals that come
// together for one.
let isAskedToEnd = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    isAskedToEnd = true;
    child.kill(signal);
  });
}

const [program = "deno", ...rest] = [...withoutCores, ...deno, ...args];
const child = spawn(program, rest, { stdio: "inherit", env });

child.on("error", (error) => {
  process.stderr.write(`candlewick: cannot start Deno: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  const bySignal = isAskedToEnd ? INTERRUPTED : 128 + (signal === null ? 1 : constants.signals[signal]);
  process.exitCode = code ?? bySignal;
});
