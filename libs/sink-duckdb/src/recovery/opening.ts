import { Effect, Exit } from "effect";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { fileFailure } from "../exporting/file.ts";
import { beginningOf, isDatabase } from "./identify.ts";
import { readTables } from "./read.ts";
import { recover } from "./recover.ts";
import { clear, suspicionOf } from "./suspicion.ts";

/** A file that is to be opened. */
export interface Opening {
  readonly path: string;
  /** Whether the file lies in a folder of the project's own, so that it can be nothing but a database of ours. */
  readonly isOwn: boolean;
  /** Folder of its backups. */
  readonly backups: string;
}

/** Whether a failure to open says that the file is damaged, and not that it is none of ours or out of reach. */
const isDamage = (error: DatabaseError, { isOwn, path }: Opening): Effect.Effect<boolean> => {
  if (error.kind === "corrupt") return Effect.succeed(true);
  if (error.kind !== "foreign") return Effect.succeed(false);
  return isOwn ? Effect.succeed(true) : Effect.map(beginningOf(path), isDatabase);
};

/** One process at a time mends a file: the file's own lock is given back whenever it cannot be opened. */
const alone = <A>(path: string, use: Effect.Effect<A, DatabaseError>): Effect.Effect<A, DatabaseError> =>
  Effect.acquireUseRelease(
    Effect.tryPromise({
      try: async () => {
        const file = await Deno.open(`${path}.recovering`, { create: true, write: true, mode: 0o600 });
        if (await file.tryLock(true)) return file;
        file.close();
        return undefined;
      },
      catch: fileFailure(`${path} is damaged and cannot be mended`),
    }),
    (file): Effect.Effect<A, DatabaseError> =>
      file === undefined
        ? Effect.fail(failure("conflict", `another run is mending ${path}, which is damaged`))
        : use,
    (file) =>
      Effect.promise(async () => {
        if (file === undefined) return;
        // Whoever has this file open takes its lock next and finds the database mended.
        await Deno.remove(`${path}.recovering`).catch(() => undefined);
        file.close();
      }),
  );

/** Whoever waits for the lock may find the file mended. */
const openOrRecover = <A>(
  file: Opening,
  open: Effect.Effect<A, DatabaseError>,
): Effect.Effect<A, DatabaseError> =>
  Effect.catch(
    open,
    (error) =>
      Effect.flatMap(isDamage(error, file), (damaged) =>
        damaged ? Effect.andThen(recover(file.path, file.backups, error.message), open) : Effect.fail(error)),
  );

/**
 * Opens a database file by `open`. A damaged one is set aside and rebuilt first (`recover`), by one process at a
 * time; so is one in which a former run met damage. A file that is no database of DuckDB's, one that is locked, out of
 * reach or of another version is left as it is, and the failure stands.
 */
export const opening = <A>(
  file: Opening,
  open: Effect.Effect<A, DatabaseError>,
): Effect.Effect<A, DatabaseError> =>
  Effect.gen(function* () {
    const { path } = file;
    const suspicion = yield* suspicionOf(path);
    if (suspicion !== undefined) {
      return yield* alone(
        path,
        Effect.gen(function* () {
          const why = yield* suspicionOf(path);
          // Damage that only reading shows: a file that can be opened is made anew from all that it holds.
          const isReadable = why !== undefined && Exit.isSuccess(yield* Effect.exit(readTables(path)));
          if (isReadable) yield* recover(path, file.backups, why);
          const opened = yield* openOrRecover(file, open);
          yield* clear(path);
          return opened;
        }),
      );
    }
    return yield* Effect.catch(open, (error) =>
      Effect.flatMap(isDamage(error, file), (damaged) =>
        damaged ? alone(path, openOrRecover(file, open)) : Effect.fail(error)));
  });
