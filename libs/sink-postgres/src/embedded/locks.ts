import { Clock, Effect } from "effect";
import { type EmbeddedPostgresError, failure } from "./EmbeddedPostgresError.ts";
import { attempt } from "./files.ts";

/*
 * Locks of the operating system on open files (flock): the kernel releases them when their process dies,
 * however it dies, so a killed run leaves none behind.
 */

/** Milliseconds between two tries for a lock that another run holds. */
const POLL = 20;
/** Milliseconds of waiting after which the user is told. */
const NOTICE = 1_000;

export type LockMode = "shared" | "exclusive";

/** Opens a lock file and takes its lock; `undefined` when another holds it. Closing the file releases it. */
export const tryLock = (
  path: string,
  mode: LockMode,
): Effect.Effect<Deno.FsFile | undefined, EmbeddedPostgresError> =>
  attempt("lock", path, async () => {
    const file = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
    try {
      if (await file.tryLock(mode === "exclusive")) return file;
    } catch (cause) {
      file.close();
      throw cause;
    }
    file.close();
    return undefined;
  });

/**
 * Runs `use` while holding the lock exclusively. Waiting for it can be interrupted, and ends with `busy` after
 * `patience` milliseconds.
 */
export const withLock =
  (path: string, patience: number) =>
  <A, E, R>(use: Effect.Effect<A, E, R>): Effect.Effect<A, E | EmbeddedPostgresError, R> =>
    Effect.uninterruptibleMask(Effect.fnUntraced(function* (restore) {
      const began = yield* Clock.currentTimeMillis;
      let told = false;
      for (;;) {
        // Not interruptible: a lock that is taken is always one that will be released.
        const file = yield* tryLock(path, "exclusive");
        if (file !== undefined) return yield* Effect.ensuring(restore(use), Effect.sync(() => file.close()));
        const waited = (yield* Clock.currentTimeMillis) - began;
        if (waited >= patience) return yield* heldTooLong(path, patience);
        if (!told && waited >= NOTICE) {
          told = true;
          yield* Effect.logInfo("Another run is starting or stopping the embedded database; waiting for it");
        }
        yield* restore(Effect.sleep(POLL));
      }
    }));

const heldTooLong = (path: string, patience: number): EmbeddedPostgresError =>
  failure(
    "busy",
    `Another run has been starting or stopping the embedded database for ${
      Math.round(patience / 1_000)
    } s (it holds ${path})`,
    "End that run and try again",
  );
