import { Effect } from "effect";
import { type EmbeddedPostgresError, explainFile } from "./EmbeddedPostgresError.ts";

/** A file operation; what goes wrong is told as `Cannot <doing> <path>: ...`. */
export const attempt = <A>(
  doing: string,
  path: string,
  operation: () => Promise<A>,
): Effect.Effect<A, EmbeddedPostgresError> =>
  Effect.tryPromise({ try: operation, catch: (cause) => explainFile(doing, path, cause) });

/** As `attempt`, with `undefined` for a file that is not there. */
export const attemptIfPresent = <A>(
  doing: string,
  path: string,
  operation: () => Promise<A>,
): Effect.Effect<A | undefined, EmbeddedPostgresError> =>
  attempt(doing, path, () =>
    operation().catch((cause: unknown) => {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw cause;
    }));

/** The text of a file; `undefined` when it is not there. */
export const readText = (path: string): Effect.Effect<string | undefined, EmbeddedPostgresError> =>
  attemptIfPresent("read", path, () => Deno.readTextFile(path));

/** Deletes a file or a folder with all in it; fine when it is not there. */
export const removeAll = (path: string): Effect.Effect<void, EmbeddedPostgresError> =>
  Effect.asVoid(attemptIfPresent("delete", path, () => Deno.remove(path, { recursive: true })));

/** Writes a file for this user's eyes only; on disk whole, or not at all. */
export const writePrivate = (path: string, text: string): Effect.Effect<void, EmbeddedPostgresError> =>
  attempt("write", path, async () => {
    const draft = `${path}.new`;
    await Deno.remove(draft).catch(() => undefined);
    const file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
    try {
      await file.write(new TextEncoder().encode(text));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(draft, path);
  });

/** Makes renames in a folder survive a power cut. Not every system can; those order them by themselves. */
export const syncFolder = (path: string): Effect.Effect<void> =>
  Effect.promise(async () => {
    try {
      using folder = await Deno.open(path, { read: true });
      await folder.sync();
    } catch {
      return;
    }
  });
