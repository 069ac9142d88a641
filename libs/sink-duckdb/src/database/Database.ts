import type { DuckDBInstance } from "@duckdb/node-api";
import { Effect, type Scope, Semaphore } from "effect";
import { basename, dirname, join } from "node:path";
import { type DatabaseError, failure, fromThrown } from "../DatabaseError.ts";
import { opening as openingSound } from "../recovery/opening.ts";
import { watching } from "../recovery/suspicion.ts";
import { Connection } from "./Connection.ts";
import { explainOpen } from "./explain.ts";
import { type Native, native } from "./native.ts";
import type { Place } from "./place.ts";

export interface DatabaseOptions {
  /** Megabytes (10^6 bytes) that DuckDB may hold in memory. */
  readonly memory: number;
  /** Threads of DuckDB. */
  readonly threads: number;
}

/** A database file that this process has open, shared by all in the process who opened it. */
export interface Database {
  /** The file, with symbolic links resolved. */
  readonly path: string;
  /** A connection of its own, closed with the scope. */
  readonly connect: Effect.Effect<Connection, DatabaseError, Scope.Scope>;
  /** One permit: whoever writes holds it from the first statement to the commit. */
  readonly turn: Semaphore.Semaphore;
  /** Named locks that are held: the file's own lock keeps other processes out. */
  readonly locks: Set<string>;
  /** Keeps the log that DuckDB begins beside the file for the user alone, like the file. */
  readonly guardLog: Effect.Effect<void>;
}

interface Opened {
  readonly database: Database;
  readonly instance: DuckDBInstance;
  users: number;
}

/**
 * What this process has open, by path. A file's lock holds off other processes only: opened twice in one process, a
 * file would be written by two that know nothing of each other.
 */
const opened = new Map<string, Opened>();
const opening = Semaphore.makeUnsafe(1);

/** The file with symbolic links resolved, also when it is not there yet. */
const realPath = (path: string): Effect.Effect<string, DatabaseError> =>
  Effect.tryPromise(() => Deno.realPath(path)).pipe(
    Effect.catch(() =>
      Effect.tryPromise({
        try: async () => join(await Deno.realPath(dirname(path)), basename(path)),
        catch: (cause) =>
          cause instanceof Deno.errors.NotFound
            ? failure("connection", `the folder of ${path} does not exist`)
            : failure("connection", `${path} cannot be reached: ${String(cause)}`),
      })
    ),
  );

const ignoring = (attempt: () => Promise<unknown>): Effect.Effect<void> =>
  Effect.promise(() => attempt().then(() => undefined, () => undefined));

/** For the user alone, where the system knows such a thing. */
const guard = (path: string): Effect.Effect<void> =>
  Deno.build.os === "windows" ? Effect.void : ignoring(() => Deno.chmod(path, 0o600));

/** Nothing comes from the network, and nothing is loaded that did not come with this version of DuckDB. */
const settingsOf = (options: DatabaseOptions, temporary: string): Record<string, string> => ({
  memory_limit: `${options.memory}MB`,
  threads: String(options.threads),
  temp_directory: temporary,
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  // Rows come out in the order asked for; without one, in any.
  preserve_insertion_order: "false",
});

const makeDatabase = (path: string, native: Native, instance: DuckDBInstance): Database => ({
  path,
  connect: Effect.acquireRelease(
    Effect.map(
      Effect.tryPromise({ try: () => instance.connect(), catch: fromThrown }),
      (connection) => new Connection(native, connection, watching(path)),
    ),
    (connection) => Effect.sync(() => connection.close()),
  ),
  turn: Semaphore.makeUnsafe(1),
  locks: new Set(),
  guardLog: guard(`${path}.wal`),
});

const openFile = Effect.fnUntraced(function* (
  path: string,
  place: Place,
  options: DatabaseOptions,
): Effect.fn.Return<Opened, DatabaseError> {
  const api = yield* native;
  const info = yield* Effect.promise(() => Deno.stat(path).catch(() => undefined));
  if (info?.isDirectory) {
    return yield* failure("connection", `${path} is a folder, where a file was expected`);
  }
  const create = Effect.tryPromise({
    try: () => api.DuckDBInstance.create(path, settingsOf(options, place.temporary)),
    catch: fromThrown,
  });
  const instance = yield* Effect.mapError(
    openingSound({ path, isOwn: place.isOwn, backups: place.backups }, create),
    (error) => explainOpen(path, error),
  );
  if (info === undefined) yield* guard(path);
  // Left there by a process that was killed.
  yield* ignoring(() => Deno.remove(place.temporary, { recursive: true }));
  const database = makeDatabase(path, api, instance);
  yield* Effect.scoped(Effect.flatMap(
    database.connect,
    (connection) => connection.run("set global TimeZone = 'UTC'"),
  )).pipe(Effect.tapError(() => Effect.sync(() => instance.closeSync())));
  return { database, instance, users: 0 };
});

/** The log goes into the file, so that the file alone is the whole database. What cannot, stays for the next open. */
const closeFile = ({ database, instance }: Opened): Effect.Effect<void> =>
  Effect.scoped(Effect.flatMap(database.connect, (connection) => connection.run("checkpoint"))).pipe(
    Effect.ignore,
    Effect.andThen(Effect.sync(() => instance.closeSync())),
  );

/**
 * Opens a database file, which is made when it is not there, until the scope closes. In one process, all who open a
 * file share it, with the options of the first. Fails as `conflict` while another process has it open; a file that is
 * no database, or not one of this version, is never touched.
 */
export const open = (
  place: Place,
  options: DatabaseOptions,
): Effect.Effect<Database, DatabaseError, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      opening.withPermit(Effect.gen(function* () {
        if (place.isOwn) {
          yield* Effect.tryPromise({
            try: () => Deno.mkdir(dirname(place.path), { recursive: true, mode: 0o700 }),
            catch: (cause) =>
              failure("connection", `the folder of ${place.path} cannot be made: ${String(cause)}`),
          });
        }
        const path = yield* realPath(place.path);
        const present = opened.get(path) ?? (yield* openFile(path, place, options));
        opened.set(path, present);
        present.users++;
        return present;
      })),
      (present) =>
        opening.withPermit(Effect.suspend(() => {
          if (--present.users > 0) return Effect.void;
          opened.delete(present.database.path);
          return closeFile(present);
        })),
    ),
    ({ database }) => database,
  );
