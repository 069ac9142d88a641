import { spawn } from "node:child_process";
import process from "node:process";
import type { CommandLine } from "./command-line.ts";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command to its end with this process's own input and output, and says whether it ended well (exit code 0).
 *
 * A signal to stop is the command's to answer: this process only outlives it. Ctrl-C reaches the command from the
 * terminal, and Nx signals the whole tree besides (children first, SIGKILL after five seconds), so passing a signal
 * on here would only repeat it.
 */
export const runToEnd = (command: CommandLine, directory: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const outlive = () => {};
    for (const signal of stopSignals) process.on(signal, outlive);
    const release = () => {
      for (const signal of stopSignals) process.off(signal, outlive);
    };
    const child = spawn(command.executable, [...command.arguments], { cwd: directory, stdio: "inherit" });
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("close", (code) => {
      release();
      resolve(code === 0);
    });
  });
