import type { Keeper } from "@candlewick/core";
import { Effect, Result, Schema } from "effect";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { fileFailure } from "../exporting/file.ts";

/** What a backup says of itself. It is written beside the file once that is whole. */
const Record = Schema.Struct({
  format: Schema.Literal(1),
  /** Epoch ms. */
  madeAt: Schema.Int,
  /** The database that it is of, for people. */
  location: Schema.String,
  bytes: Schema.Int,
  sha256: Schema.String,
  /** Rows by table. */
  tables: Schema.Record(Schema.String, Schema.Int),
});
export type Record = typeof Record.Type;

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Record));

const NAME = /^(\d{8}T\d{6}Z(?:-\d{2})?)\.json$/;

/** A backup of the second `madeAt`; of those of one second the later have a number. */
export const nameOf = (madeAt: number, ordinal: number): string =>
  `${stampOf(madeAt)}${ordinal === 0 ? "" : `-${String(ordinal + 1).padStart(2, "0")}`}`;

/** `20261121T101500Z`. */
export const stampOf = (millis: number): string =>
  `${new Date(millis).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

export const fileOf = (folder: string, name: string): string => join(folder, `${name}.duckdb`);
export const recordOf = (folder: string, name: string): string => join(folder, `${name}.json`);

/** Digest of a whole file, which may be large. */
export const sumOf = (path: string): Effect.Effect<string, DatabaseError> =>
  Effect.tryPromise({
    try: async () => {
      const hash = createHash("sha256");
      using file = await Deno.open(path, { read: true });
      for await (const part of file.readable) hash.update(part);
      return hash.digest("hex");
    },
    catch: (cause) => failure("schema", `the backup ${path} cannot be read: ${messageOf(cause)}`),
  });

const messageOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause);

const namesIn = (folder: string): Effect.Effect<ReadonlyArray<string>, DatabaseError> =>
  Effect.tryPromise({
    try: async () => {
      try {
        return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound) return [];
        throw cause;
      }
    },
    catch: fileFailure(`the backups in ${folder} cannot be listed`),
  });

const read = (folder: string, name: string): Effect.Effect<Keeper.Backup, DatabaseError> =>
  Effect.gen(function* () {
    const text = yield* Effect.tryPromise({
      try: () => Deno.readTextFile(recordOf(folder, name)),
      catch: (cause) => failure("schema", messageOf(cause)),
    });
    const record = decode(text);
    if (Result.isFailure(record)) return yield* failure("schema", `${name}.json is none of a backup`);
    const { bytes, madeAt, tables } = record.success;
    return { name, path: fileOf(folder, name), madeAt, bytes, tables };
  });

/** The whole backups in a folder, the newest first. One that cannot be read is passed over, and said. */
export const list = (folder: string): Effect.Effect<ReadonlyArray<Keeper.Backup>, DatabaseError> =>
  Effect.gen(function* () {
    const names = (yield* namesIn(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []).sort().reverse();
    const found = yield* Effect.forEach(
      names,
      (name) =>
        Effect.map(read(folder, name), (backup) => [backup]).pipe(
          Effect.catch(({ message }) =>
            Effect.as(Effect.logWarning(`the backup ${name} is not listed: ${message}`), [])
          ),
        ),
    );
    return found.flat();
  });

/** Fails unless the backup is byte for byte as it was written. */
export const verify = (backup: Keeper.Backup): Effect.Effect<void, DatabaseError> =>
  Effect.gen(function* () {
    const damaged = (fault: string) => failure("schema", `the backup ${backup.path} is damaged: ${fault}`);
    const text = yield* Effect.tryPromise({
      try: () => Deno.readTextFile(backup.path.replace(/\.duckdb$/, ".json")),
      catch: (cause) => damaged(messageOf(cause)),
    });
    const record = decode(text);
    if (Result.isFailure(record)) return yield* damaged("what it says of itself cannot be read");
    const { bytes, sha256 } = record.success;
    const info = yield* Effect.tryPromise({
      try: () => Deno.stat(backup.path),
      catch: (cause) => damaged(messageOf(cause)),
    });
    if (info.size !== bytes) return yield* damaged(`it takes ${info.size} bytes and took ${bytes}`);
    if (yield* Effect.map(sumOf(backup.path), (sum) => sum !== sha256)) {
      return yield* damaged("it is not as it was written");
    }
  });

/** The text that goes beside a backup. */
export const seal = (record: Omit<Record, "format">): string =>
  `${JSON.stringify({ format: 1, ...record }, null, 2)}\n`;
