import { Effect } from "effect";
import { dirname } from "node:path";
import type { DatabaseError } from "../DatabaseError.ts";
import { fileFailure, sync, syncFolder } from "../exporting/file.ts";
import { stampOf } from "../keeping/backups.ts";

/** What DuckDB keeps beside a file: what is not in it yet. */
const LOGS = [".wal", ".wal.checkpoint", ".wal.recovery"];

const exists = async (path: string): Promise<boolean> => {
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
};

/** A name beside the file that nothing has: what was set aside before stays. */
const freeName = async (path: string, now: number): Promise<string> => {
  const plain = `${path}.damaged-${stampOf(now)}`;
  for (let ordinal = 1;; ordinal++) {
    const name = ordinal === 1 ? plain : `${plain}-${ordinal}`;
    const taken = await Promise.all(["", ...LOGS].map((log) => exists(name + log)));
    if (!taken.includes(true)) return name;
  }
};

/** A second name for a file; where the disk knows no such thing, its new one. */
const alsoAs = async (path: string, name: string): Promise<void> => {
  try {
    await Deno.link(path, name);
  } catch {
    await Deno.rename(path, name);
  }
};

const removeIfThere = (path: string): Promise<void> =>
  Deno.remove(path).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  });

/**
 * Gives a damaged file and its logs another name, for good, and puts the new file in its place; none when there is
 * none. Whenever this ends, the damaged file is there under one of the two names. Answers the other name.
 */
export const setAside = (
  path: string,
  replacement: string | undefined,
  now: number,
): Effect.Effect<string, DatabaseError> =>
  Effect.tryPromise({
    try: async () => {
      const aside = await freeName(path, now);
      if (replacement !== undefined) await sync(replacement);
      for (const log of LOGS) if (await exists(path + log)) await alsoAs(path + log, aside + log);
      await alsoAs(path, aside);
      await syncFolder(aside);
      // A log that stayed would be taken for the new file's.
      for (const log of LOGS) await removeIfThere(path + log);
      if (replacement === undefined) await removeIfThere(path);
      else await Deno.rename(replacement, path);
      await syncFolder(path);
      return aside;
    },
    catch: fileFailure(`${path} is damaged and cannot be set aside in ${dirname(path)}`),
  });
