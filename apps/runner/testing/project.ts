import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The program as users start it. */
export const launcher = at("../bin/candlewick.mjs");

const modules = at("../../../node_modules");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Milliseconds from start to end. */
  readonly took: number;
}

/** A running program. */
export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Sends it a signal; a kill by the runtime of the tests would hide the exit code. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** Sends a signal to all of it at once, launcher and program: to freeze it, to let it go on, to kill it. */
  readonly signalAll: (name: NodeJS.Signals) => void;
  /** Resolves once the program has written the text to stderr. */
  readonly says: (text: string) => Promise<void>;
}

/** A project in a temporary folder. */
export interface TestProject {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | object) => void;
  readonly read: (name: string) => string;
  /** What the sink was given, in order. */
  readonly notes: () => ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly start: (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>) => Started;
  readonly run: (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>) => Promise<Ended>;
  readonly remove: () => void;
}

/** What a child may see of this process's environment: no setting of whoever runs the tests. */
const plainEnvironment = () =>
  Object.fromEntries(
    ["PATH", "HOME", "DENO_DIR", "TMPDIR", "LANG"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** A folder that uses the plugins of this workspace as its own; state and configuration stay in the folder. */
export const makeRealProject = (): TestProject =>
  inFolder((folder) => {
    cpSync(at("../../../package.json"), join(folder, "package.json"));
    symlinkSync(at("../../../libs"), join(folder, "libs"));
  });

/** A copy of `testing/workspace`. */
export const makeProject = (): TestProject =>
  inFolder((folder) => cpSync(at("workspace"), folder, { recursive: true }));

const inFolder = (fill: (folder: string) => void): TestProject => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-project-"));
  fill(folder);
  symlinkSync(modules, join(folder, "node_modules"));
  const path = (name: string) => join(folder, name);

  const start: TestProject["start"] = (args, env = {}) => {
    const began = performance.now();
    const child = spawn("node", [launcher, ...args], {
      cwd: folder,
      env: { ...plainEnvironment(), ...env },
      // A group of its own, so that all of it can be killed.
      detached: true,
    });
    let out = "";
    let err = "";
    const waiting: Array<{ readonly text: string; readonly resolve: () => void }> = [];
    child.stdout.on("data", (chunk) => out += chunk);
    child.stderr.on("data", (chunk) => {
      err += chunk;
      for (const { text, resolve } of waiting) if (err.includes(text)) resolve();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, out, err, took: performance.now() - began }));
    });
    return {
      process: child,
      signal: (name) => {
        if (child.pid !== undefined) process.kill(child.pid, name);
      },
      signalAll: (name) => {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      },
      ended,
      says: (text) =>
        Promise.race([
          new Promise<void>((resolve) => err.includes(text) ? resolve() : waiting.push({ text, resolve })),
          ended.then(() => {
            if (!err.includes(text)) throw new Error(`ended without saying "${text}":\n${err}`);
          }),
        ]),
    };
  };

  return {
    folder,
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
    },
    read: (name) => readFileSync(path(name), "utf8"),
    notes: () =>
      existsSync(path(".candlewick/notes.jsonl"))
        ? lines(readFileSync(path(".candlewick/notes.jsonl"), "utf8")).map((line) => JSON.parse(line))
        : [],
    start,
    run: (args, env) => start(args, env).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
