import { Effect, Exit } from "effect";
import { basename, dirname, join } from "node:path";
import { type DatabaseError, failure } from "../DatabaseError.ts";

const FULL = /ENOSPC|EDQUOT|no space left|disk quota/i;

/** A failure of the file system, in words for whoever chose the file. */
export const fileFailure = (what: string) => (cause: unknown): DatabaseError => {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (FULL.test(message)) return failure("capacity", `${what}: the disk is full`);
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) {
    return failure("schema", `${what}: this user may not write there: ${message}`);
  }
  return failure("schema", `${what}: ${message}`);
};

/** Makes sure that a file, or a folder's list of its files, is on the disk. */
export const sync = async (path: string): Promise<void> => {
  using file = await Deno.open(path, { read: true });
  await file.sync();
};

/** Folders cannot be opened on Windows, where a rename needs no such care. */
export const syncFolder = (path: string): Promise<void> =>
  Deno.build.os === "windows" ? Promise.resolve() : sync(dirname(path));

/**
 * Lets `write` make a file beside `path` and puts it in the place of `path` in one step once it is whole and on the
 * disk. Nothing stays behind when that fails or is interrupted. Answers what `write` does and the size in bytes.
 */
export const replacing = <A, E, R>(
  path: string,
  write: (temporary: string) => Effect.Effect<A, E, R>,
): Effect.Effect<{ readonly value: A; readonly bytes: number }, E | DatabaseError, R> => {
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.part`);
  const remove = Effect.promise(() => Deno.remove(temporary).catch(() => undefined));
  return Effect.gen(function* () {
    const value = yield* write(temporary);
    const bytes = yield* Effect.tryPromise({
      try: async () => {
        await sync(temporary);
        const { size } = await Deno.stat(temporary);
        await Deno.rename(temporary, path);
        await syncFolder(path);
        return size;
      },
      catch: fileFailure(`${path} cannot be written`),
    });
    return { value, bytes };
  }).pipe(Effect.onExit((exit) => Exit.isSuccess(exit) ? Effect.void : remove));
};
