import type { Plugin } from "@candlewick/core";
import { dirname, isAbsolute, join } from "node:path";

/** Where a database lies. */
export interface Place {
  /** The file, an absolute path. */
  readonly path: string;
  /** Whether the folder of the file is the project's own, to be made when it is missing. */
  readonly isOwn: boolean;
  /** A folder that only this database uses, for what does not fit into memory. */
  readonly temporary: string;
}

/** This sink's folder in the state of the project. */
export const folderOf = (context: Pick<Plugin.SinkContext, "directory">): string =>
  join(context.directory, "duckdb");

/**
 * The file that a run works on: the one of the setting, relative to the project's folder, or the project's own.
 * Invented data always goes to a file of its own, which real data never enters.
 */
export const placeOf = (path: string | undefined, context: Plugin.SinkContext): Place => {
  const folder = folderOf(context);
  const temporary = join(folder, "temporary", context.data);
  if (context.data === "sandbox") return { path: join(folder, "sandbox.duckdb"), isOwn: true, temporary };
  if (path === undefined) return { path: join(folder, "candlewick.duckdb"), isOwn: true, temporary };
  return {
    path: isAbsolute(path) ? path : join(dirname(context.directory), path),
    isOwn: false,
    temporary,
  };
};
