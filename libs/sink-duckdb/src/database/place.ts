import type { Plugin } from "@candlewick/core";
import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, join } from "node:path";

/** Where a database lies. */
export interface Place {
  /** The file, an absolute path. */
  readonly path: string;
  /** Whether the folder of the file is the project's own, to be made when it is missing. */
  readonly isOwn: boolean;
  /** A folder that only this database uses, for what does not fit into memory. */
  readonly temporary: string;
  /** Folder of its backups. */
  readonly backups: string;
}

/** This sink's folder in the state of the project. */
export const folderOf = (context: Pick<Plugin.SinkContext, "directory">): string =>
  join(context.directory, "duckdb");

/** A folder for each database, so that none is ever rebuilt from another's backup. */
const backupsOf = (context: Pick<Plugin.SinkContext, "directory">, name: string): string =>
  join(context.directory, "backups", "duckdb", name);

/**
 * The file that a run works on: the one of the setting, relative to the project's folder, or the project's own.
 * Invented data always goes to a file of its own, which real data never enters.
 */
export const placeOf = (path: string | undefined, context: Plugin.SinkContext): Place => {
  const folder = folderOf(context);
  const temporary = join(folder, "temporary", context.data);
  const own = (name: string): Place => ({
    path: join(folder, `${name}.duckdb`),
    isOwn: true,
    temporary,
    backups: backupsOf(context, name),
  });
  if (context.data === "sandbox") return own("sandbox");
  if (path === undefined) return own("candlewick");
  const named = isAbsolute(path) ? path : join(dirname(context.directory), path);
  const digest = createHash("sha256").update(named).digest("hex").slice(0, 8);
  return {
    path: named,
    isOwn: false,
    temporary,
    backups: backupsOf(context, `${basename(named, ".duckdb").replaceAll(/[^\w-]/g, "-")}-${digest}`),
  };
};
