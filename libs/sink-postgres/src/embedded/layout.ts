import { Effect } from "effect";
import { join, resolve } from "node:path";
import type { EmbeddedPostgresError } from "./EmbeddedPostgresError.ts";
import { attempt } from "./files.ts";

/** The files of one embedded server. The folder is closed to other users (0700). */
export interface Layout {
  readonly root: string;
  /** Locked exclusively by whoever creates, starts or stops the server. */
  readonly control: string;
  /** Locked shared by every run that uses the server. */
  readonly users: string;
  /** PostgreSQL's data directory; it is there only once it is complete. */
  readonly data: string;
  /** The password, in the format of psql's password file. */
  readonly pgpass: string;
  /** The port of the last start, tried first at the next one. */
  readonly port: string;
  readonly log: string;
}

/** Name of the log within the folder. */
export const LOG = "server.log";
/** Prefix of folders in which a data directory is being made. */
export const DRAFT = "initdb-";

export const layoutOf = (directory: string): Layout => {
  const root = resolve(directory);
  return {
    root,
    control: join(root, "control.lock"),
    users: join(root, "users.lock"),
    data: join(root, "data"),
    pgpass: join(root, "pgpass"),
    port: join(root, "port"),
    log: join(root, LOG),
  };
};

/** Creates the folder where it is missing and closes it to others. */
export const prepareFolder = (layout: Layout): Effect.Effect<void, EmbeddedPostgresError> =>
  attempt("prepare the folder", layout.root, async () => {
    await Deno.mkdir(layout.root, { recursive: true, mode: 0o700 });
    if (Deno.build.os !== "windows") await Deno.chmod(layout.root, 0o700);
  });
