import { Schema } from "effect";

/**
 * Why the embedded server could not be had. `message` is for users: what is wrong, where, and the way out.
 *
 * - `binaries`: no PostgreSQL programs for this machine, or they cannot be run
 * - `account`: root, and no other account to run the server as
 * - `folder`: the folder cannot be used: permissions, read-only, not there
 * - `capacity`: the disk is full
 * - `version`: the folder holds data of another PostgreSQL major version
 * - `busy`: another run holds the folder and does not let go
 * - `password`: the stored password and the server do not match
 * - `database`: a database of this name cannot be had
 * - `server`: PostgreSQL does not start or does not answer
 */
export class EmbeddedPostgresError
  extends Schema.TaggedError<EmbeddedPostgresError>("candlewick/EmbeddedPostgresError")(
    "EmbeddedPostgresError",
    {
      reason: Schema.Literals([
        "binaries",
        "account",
        "folder",
        "capacity",
        "version",
        "busy",
        "password",
        "database",
        "server",
      ]),
      message: Schema.String,
    },
  ) {}

export type EmbeddedPostgresReason = EmbeddedPostgresError["reason"];

const ownServer = "set DATABASE_URL to a PostgreSQL server of your own";

/** An error whose message ends in what the user can do: `remedy`, or a server of their own. */
export const failure = (
  reason: EmbeddedPostgresReason,
  problem: string,
  remedy?: string,
): EmbeddedPostgresError =>
  new EmbeddedPostgresError({
    reason,
    message: `${problem.replace(/[.\s]+$/, "")}. ${
      remedy === undefined ? `S${ownServer.slice(1)}` : `${remedy}, or ${ownServer}`
    }.`,
  });

/** What fails when the disk is full, in the words of PostgreSQL, of libc and of Deno. */
const diskIsFull = /No space left on device|Disk quota exceeded/;

/** The error for output of a PostgreSQL program that failed at `doing` in `folder`. */
export const explainOutput = (doing: string, folder: string, output: string): EmbeddedPostgresError => {
  const line = tellingLine(output);
  const problem = `PostgreSQL failed ${doing} in ${folder}: ${line}`;
  if (diskIsFull.test(output)) return failure("capacity", problem, "Free some disk space");
  if (/incompatible with server|not compatible with this version/.test(output)) {
    return failure("version", problem, "Move that folder away to begin anew");
  }
  if (/could not look up effective user/.test(output)) {
    return failure("account", problem, "Give your user an entry in /etc/passwd");
  }
  if (/shared libraries|cannot execute|Exec format|failed to execute|not found in the same/.test(output)) {
    return failure("binaries", problem, "Install the dependencies again (npm ci)");
  }
  if (/Permission denied|Operation not permitted|Read-only file system|wrong ownership/.test(output)) {
    return failure("folder", problem, "Use a folder on a local disk that you can write");
  }
  return failure("server", problem);
};

/** The line that says what went wrong: the first that a program marks as such, else the last. */
const tellingLine = (output: string): string => {
  const lines = output.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const marked = lines.find((line) => /\b(FATAL|PANIC):/.test(line)) ??
    lines.find((line) => /\b(ERROR|error):/.test(line));
  return (marked ?? lines.at(-1) ?? "it said nothing").replace(/^.*?\b(FATAL|PANIC|ERROR|error):\s*/, "");
};

/** The error for a file operation that the operating system, or Deno's permissions, refused. */
export const explainFile = (doing: string, path: string, cause: unknown): EmbeddedPostgresError => {
  const said = cause instanceof Error ? cause.message : String(cause);
  const problem = `Cannot ${doing} ${path}: ${said}`;
  if (diskIsFull.test(said)) return failure("capacity", problem, "Free some disk space");
  return cause instanceof Deno.errors.PermissionDenied
    ? failure("folder", problem, "Run as the user that the folder belongs to")
    : failure("folder", problem);
};
