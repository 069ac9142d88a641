import { Clock, Effect } from "effect";
import type { DatabaseError } from "../DatabaseError.ts";
import { fileFailure } from "../exporting/file.ts";
import * as Backups from "../keeping/backups.ts";
import { setAside } from "./aside.ts";
import { readTables } from "./read.ts";
import { rebuild } from "./rebuild.ts";
import { type Origin, type Recovery, reportOf } from "./report.ts";

/** A new database on the way, and what it was made from. */
interface Rebuilt {
  readonly origin: Origin;
  readonly replacement: string | undefined;
  readonly unusable: Recovery["unusable"];
}

const remove = (path: string): Effect.Effect<void> =>
  Effect.promise(async () => {
    for (const name of [path, `${path}.wal`]) await Deno.remove(name).catch(() => undefined);
  });

/** Nothing to look for another way out of: the place is at fault, not the file. */
const isElsewhere = ({ fault }: DatabaseError): boolean => fault === "capacity" || fault === "conflict";

/** Tries to rebuild; `undefined` where the file it is from is no good. What a failed try wrote is removed. */
const attempt = (from: string, to: string) =>
  rebuild(from, to).pipe(
    Effect.map((rows) => ({ rows })),
    Effect.onError(() => remove(to)),
    Effect.catch((error) => isElsewhere(error) ? Effect.fail(error) : Effect.succeed({ why: error.message })),
  );

/** The file as it is without its log, under another name for as long as it is read. */
const withoutLog = (path: string, to: string) =>
  Effect.gen(function* () {
    const copy = `${to}-copy`;
    return yield* Effect.tryPromise({
      try: () => Deno.copyFile(path, copy),
      catch: fileFailure(`${path} cannot be copied`),
    }).pipe(Effect.andThen(attempt(copy, to)), Effect.ensuring(remove(copy)));
  });

const hasLog = (path: string): Effect.Effect<boolean> =>
  Effect.promise(() => Deno.lstat(`${path}.wal`).then(({ size }) => size > 0, () => false));

/** Makes a new database of what there is, the least lost first. */
const rebuildFrom = Effect.fnUntraced(function* (
  path: string,
  backups: string,
  to: string,
): Effect.fn.Return<Rebuilt, DatabaseError> {
  const itself = yield* attempt(path, to);
  if ("rows" in itself) return { origin: { from: "itself", ...itself }, replacement: to, unusable: [] };
  if (yield* hasLog(path)) {
    const file = yield* withoutLog(path, to);
    if ("rows" in file) return { origin: { from: "file", ...file }, replacement: to, unusable: [] };
  }
  const unusable: Array<{ readonly name: string; readonly why: string }> = [];
  for (const backup of yield* Backups.list(backups)) {
    const sound = yield* Effect.result(Backups.verify(backup));
    const found = sound._tag === "Failure" ? { why: sound.failure.message } : yield* attempt(backup.path, to);
    if ("rows" in found) return { origin: { from: "backup", backup, ...found }, replacement: to, unusable };
    unusable.push({ name: backup.name, why: found.why });
  }
  return { origin: { from: "nothing" }, replacement: undefined, unusable };
});

/**
 * Sets a damaged database file aside and puts the best there is in its place: what the file itself still holds, else
 * the newest good backup in the folder `backups`, else nothing. Says in the log what was done and what is lost. Until
 * the last step the damaged file is untouched; nothing is ever deleted or overwritten.
 */
export const recover = Effect.fn("duckdb.recover")(function* (
  path: string,
  backups: string,
  why: string,
): Effect.fn.Return<void, DatabaseError> {
  yield* Effect.logWarning(`the database ${path} is damaged: ${why}`);
  const to = `${path}.rebuilt-${crypto.randomUUID().slice(0, 8)}`;
  const { origin, replacement, unusable } = yield* rebuildFrom(path, backups, to);
  const readable = origin.from === "itself"
    ? undefined
    : yield* Effect.orElseSucceed(readTables(path), () => undefined);
  if (replacement !== undefined && Deno.build.os !== "windows") {
    yield* Effect.promise(() => Deno.chmod(replacement, 0o600));
  }
  const aside = yield* setAside(path, replacement, yield* Clock.currentTimeMillis).pipe(
    Effect.onError(() => remove(to)),
  );
  for (const line of reportOf({ path, aside, origin, unusable, readable })) yield* Effect.logWarning(line);
});
