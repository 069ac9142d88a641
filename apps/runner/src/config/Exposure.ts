import { statSync } from "node:fs";
import process from "node:process";

/** Modes say nothing on Windows, where a user's folder is closed to others as it is. */
export const hasModes = process.platform !== "win32";

const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

/** What is wrong with the mode of a file that holds secrets, with the command that mends it. */
export const exposure = (path: string, mode: number): string | undefined =>
  hasModes && (mode & 0o077) !== 0
    ? `${path} can be read or changed by other users of this machine; run chmod 600 ${quoted(path)}`
    : undefined;

/** The same of a file that need not exist. */
export const exposureOf = (path: string): string | undefined => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : exposure(path, stat.mode);
};
