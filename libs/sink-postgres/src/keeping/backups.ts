import type { Keeper } from "@candlewick/core";
import { Effect } from "effect";
import { join } from "node:path";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { measure, reading, writing } from "./files.ts";
import { type BackedUpTable, backupOf, fileOf, isName, MANIFEST, type Manifest, unseal } from "./manifest.ts";

/** Begins the names of backups that are not whole, or never will be. */
export const PARTIAL = ".partial-";

const absent = (cause: unknown): undefined => {
  if (cause instanceof Deno.errors.NotFound) return undefined;
  throw cause;
};

const namesIn = (folder: string) =>
  Effect.map(
    reading("list", folder, () => Array.fromAsync(Deno.readDir(folder)).catch(absent)),
    (entries = []) => entries.map(({ name }) => name),
  );

const readManifest = (path: string): Effect.Effect<Manifest, DatabaseError> =>
  Effect.flatMap(
    reading("read", path, () => Deno.readTextFile(join(path, MANIFEST))),
    (text) => Effect.mapError(Effect.fromResult(unseal(text)), (fault) => damaged(path, fault)),
  );

const damaged = (path: string, fault: string): DatabaseError =>
  failure("schema", `the backup ${path} is damaged: ${fault}`);

/** The whole backups in a folder, the newest first. One whose manifest is no more is passed over, and said. */
export const list = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<ReadonlyArray<Keeper.Backup>, DatabaseError> {
  const names = (yield* namesIn(folder)).filter(isName).sort().reverse();
  const found = yield* Effect.forEach(
    names,
    (name) =>
      Effect.map(readManifest(join(folder, name)), (manifest) => [backupOf(folder, name, manifest)]).pipe(
        Effect.catch(({ message }) => Effect.as(Effect.logWarning(`${name} is not listed: ${message}`), [])),
      ),
  );
  return found.flat();
});

/** A table of a backup, and where its rows are. */
export interface Saved {
  readonly table: BackedUpTable;
  readonly path: string;
}

/** Reads all of a backup, and fails unless it is byte for byte as it was written. */
export const verify = Effect.fnUntraced(function* (
  path: string,
): Effect.fn.Return<ReadonlyArray<Saved>, DatabaseError> {
  const { tables } = yield* readManifest(path);
  return yield* Effect.forEach(
    tables,
    Effect.fnUntraced(function* (table, ordinal) {
      const { bytes, definition, sha256 } = table;
      const file = join(path, fileOf(definition.name, ordinal));
      const found = yield* Effect.mapError(
        reading("read", file, () => measure(file)),
        ({ message }) => damaged(path, message),
      );
      if (found.bytes !== bytes) {
        return yield* damaged(
          path,
          `the rows of ${definition.name} take ${found.bytes} bytes and took ${bytes}`,
        );
      }
      if (found.sha256 !== sha256) {
        return yield* damaged(path, `the rows of ${definition.name} are not as written`);
      }
      return { table, path: file };
    }),
  );
});

/** Removes what backups that were killed left in the folder. */
export const removePartial = (folder: string): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    for (const name of yield* namesIn(folder)) {
      if (name.startsWith(PARTIAL)) yield* remove(join(folder, name));
    }
  });

export const remove = (path: string): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(writing("remove", path, () => Deno.remove(path, { recursive: true }).catch(absent)));

/** Has the folder alone for the scope; fails as `conflict` while another makes a backup. */
export const aloneIn = (folder: string) =>
  Effect.acquireRelease(
    Effect.flatMap(
      writing("lock", folder, async () => {
        const file = await Deno.open(join(folder, ".lock"), { create: true, write: true, mode: 0o600 });
        if (await file.tryLock(true)) return file;
        file.close();
        return undefined;
      }),
      (file) =>
        file === undefined
          ? Effect.fail(failure("conflict", "another backup of this store is being made"))
          : Effect.succeed(file),
    ),
    (file) => Effect.sync(() => file.close()),
  );
