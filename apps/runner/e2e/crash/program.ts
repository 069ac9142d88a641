import process from "node:process";
import { launcher } from "../../testing/project.ts";

/** How a program ended. */
export interface End {
  readonly code: number;
  readonly signal: string | null;
  /** Whether a process of it was still there when the launcher had ended. */
  readonly isLeftBehind: boolean;
  readonly out: string;
  readonly err: string;
  /** Milliseconds from start to end. */
  readonly took: number;
}

/** The runner at work, started as a user starts it: the launcher, and Deno with the permissions it grants. */
export interface Program {
  readonly ended: Promise<End>;
  readonly isOver: () => boolean;
  /** What it has written to stderr so far. */
  readonly said: () => string;
  /** Stops every process of it where it stands. */
  readonly freeze: () => void;
  /** Ends every process of it at once. */
  readonly kill: () => void;
  /** Sends the launcher a signal, as `kill` and service managers do. */
  readonly signal: (name: Deno.Signal) => void;
}

/** No setting of whoever runs the tests. */
const environment = (): Record<string, string> =>
  Object.fromEntries(
    ["PATH", "HOME", "DENO_DIR", "TMPDIR", "LANG"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Reads a pipe to its end, or to the end of whatever holds it open. */
const gather = (pipe: ReadableStream<Uint8Array>) => {
  const pieces: Array<string> = [];
  const done = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of pipe) pieces.push(decoder.decode(piece, { stream: true }));
  })().catch(() => undefined);
  return { text: () => pieces.join(""), done };
};

/** Whether there is such a process, or, for a negative number, one of that group. */
const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

export const start = (
  args: ReadonlyArray<string>,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Program => {
  const began = performance.now();
  // A group of its own: launcher, Deno and what that starts are killed together.
  const child = new Deno.Command("node", {
    args: [launcher, ...args],
    cwd: options.cwd,
    clearEnv: true,
    env: { ...environment(), ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const [out, err] = [gather(child.stdout), gather(child.stderr)];
  let over = false;
  const send = (to: number, name: Deno.Signal) => {
    try {
      Deno.kill(to, name);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  };
  const ended = child.status.then(async ({ code, signal }): Promise<End> => {
    over = true;
    const took = performance.now() - began;
    const isLeftBehind = exists(-child.pid);
    await Promise.all([out.done, err.done]);
    return { code, signal, isLeftBehind, out: out.text(), err: err.text(), took };
  });
  return {
    ended,
    isOver: () => over,
    said: err.text,
    freeze: () => send(-child.pid, "SIGSTOP"),
    kill: () => send(-child.pid, "SIGKILL"),
    signal: (name) => send(child.pid, name),
  };
};
