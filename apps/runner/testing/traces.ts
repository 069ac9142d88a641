import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Secrets by what they are. */
export type Named = Readonly<Record<string, string>>;

/** The ways in which a secret may have been written down. */
const formsOf = (secret: string): ReadonlyArray<Uint8Array> =>
  [secret, encodeURIComponent(secret), btoa(secret).replaceAll("=", "")]
    .map((form) => new TextEncoder().encode(form));

/** Names of the secrets that stand in these bytes. */
export const secretsIn = (bytes: Uint8Array, secrets: Named): ReadonlyArray<string> => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Object.entries(secrets)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
};

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry: Dirent) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });

/** Files below a folder, links not followed, that hold a secret: path and name of the secret. */
export const tracesIn = (folder: string, secrets: Named): ReadonlyArray<string> =>
  filesIn(folder).flatMap((path) =>
    secretsIn(readFileSync(path), secrets).map((name) => `${relative(folder, path)}: ${name}`)
  ).sort();

const processes = (): ReadonlyArray<string> =>
  readdirSync("/proc").filter((name: string) => /^\d+$/.test(name));

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Processes come and go.
    return "";
  }
};

/** Collects the command lines of all processes of this machine until it is stopped. */
export const watchCommandLines = (): { readonly seen: ReadonlySet<string>; readonly stop: () => void } => {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of processes()) seen.add(readIfThere(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
  };
  const timer = setInterval(look, 20);
  return { seen, stop: () => clearInterval(timer) };
};

/** The process that a process has started. */
export const childOf = (pid: number): number | undefined => {
  const parent = (one: string) => Number(/^PPid:\s*(\d+)/m.exec(readIfThere(`/proc/${one}/status`))?.[1]);
  const found = processes().find((one) => parent(one) === pid);
  return found === undefined ? undefined : Number(found);
};

export const environmentOf = (pid: number): string => readIfThere(`/proc/${pid}/environ`);

/** Largest image of its memory that a process may leave when it crashes, as the system tells it. */
export const coreLimitOf = (pid: number): string =>
  /^Max core file size\s+(\S+)\s+(\S+)/m.exec(readIfThere(`/proc/${pid}/limits`))?.slice(1).join(" ") ?? "";
