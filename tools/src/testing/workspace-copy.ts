import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Root of this workspace. */
const original = fileURLToPath(new URL("../../../", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A copy of the workspace as it is now, installed, in a temporary folder. */
export interface WorkspaceCopy {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
  readonly write: (name: string, content: string) => void;
  readonly run: (
    program: "npm" | "git" | "nx" | "deno" | "candlewick",
    args: ReadonlyArray<string>,
    env?: Readonly<Record<string, string>>,
  ) => Promise<Ended>;
  readonly remove: () => void;
}

/** What programs may see of this process's environment: neither a user's settings nor those of a run of Nx. */
const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "HOME", "DENO_DIR", "TMPDIR", "LANG"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Files that git knows, or would take. */
const files = (): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: original,
    encoding: "utf8",
  }).split("\0").filter((path) => path !== "" && existsSync(join(original, path)));

const start = (folder: string, program: string, args: ReadonlyArray<string>, env = {}): ChildProcess => {
  const modules = join(folder, "node_modules");
  const [executable, ...before] = {
    npm: ["npm"],
    nx: ["node", join(modules, "nx/dist/bin/nx.js")],
    deno: [join(modules, ".bin/deno")],
    candlewick: ["node", join(folder, "apps/runner/bin/candlewick.mjs")],
  }[program] ?? [program];
  return spawn(executable!, [...before, ...args], {
    cwd: folder,
    env: {
      ...plainEnvironment(),
      NX_DAEMON: "false",
      CI: "true",
      NO_COLOR: "1",
      // Empty: nothing may depend on what npm fetched at another time.
      npm_config_cache: join(folder, ".npm"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
};

/**
 * Copies files, and links installed packages, which takes a second instead of a minute; where links cannot be, they are
 * copied. What tools keep there for themselves (`.package-lock.json`, `.vite`) they write in place, so that is left
 * out: they make it anew.
 */
export const copyWorkspace = (): WorkspaceCopy => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-workspace-"));
  const path = (name: string) => join(folder, name);
  for (const file of files()) cpSync(join(original, file), path(file));
  const modules = join(original, "node_modules");
  try {
    execFileSync("cp", ["-al", modules, folder], { stdio: "ignore" });
  } catch {
    execFileSync("cp", ["-a", modules, folder]);
  }
  for (const name of readdirSync(path("node_modules"))) {
    if (name.startsWith(".") && name !== ".bin") {
      rmSync(path(`node_modules/${name}`), { recursive: true, force: true });
    }
  }

  return {
    folder,
    path,
    read: (name) => readFileSync(path(name), "utf8"),
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
    },
    run: (program, args, env) =>
      new Promise((resolve, reject) => {
        const child = start(folder, program, args, env);
        let out = "";
        let err = "";
        child.stdout!.on("data", (chunk) => out += chunk);
        child.stderr!.on("data", (chunk) => err += chunk);
        child.on("error", reject);
        child.on("close", (code) => resolve({ code, out, err }));
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** The fake vendor of a generated source, as a program of its own; resolves to the variables it says to set. */
export const startFake = async (
  program: string,
  workspace: WorkspaceCopy,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly stop: () => void }> => {
  const child = start(workspace.folder, "deno", ["run", "--no-prompt", "--allow-net=127.0.0.1", program]);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on("data", (chunk) => {
      said += chunk;
      if (/export .*\n/.test(said)) resolve();
    });
    child.stderr!.on("data", (chunk) => said += chunk);
    child.on("close", () => reject(new Error(`the fake ended: ${said}`)));
  });
  const [, variables = ""] = /export (.*)\n/.exec(said) ?? [];
  return {
    env: Object.fromEntries(variables.split(" ").map((pair) => pair.split("=") as [string, string])),
    stop: () => child.kill("SIGTERM"),
  };
};
