import type { Keeper } from "@candlewick/core";
import { identifier, literal, REGISTRY } from "@candlewick/sql-store";
import { Clock, Effect } from "effect";
import { join } from "node:path";
import type { Connection } from "../database/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { fileFailure, sync, syncFolder } from "../exporting/file.ts";
import { fileOf, nameOf, recordOf, seal, sumOf } from "./backups.ts";
import { compareTable, copyTable, databaseOf, tablesOf } from "./tables.ts";

/** The name under which the backup is attached. */
const COPY = "candlewick_backup";

/** Begins the names of files that are not whole, or never will be. */
const PARTIAL = ".partial-";

const MOST = 100;

/** Nobody else has the database, so nobody else makes a backup of it now: what lies there was left by the dead. */
const prepare = (folder: string): Effect.Effect<void, DatabaseError> =>
  Effect.tryPromise({
    try: async () => {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      for await (const { name } of Deno.readDir(folder)) {
        if (name.startsWith(PARTIAL)) await Deno.remove(join(folder, name));
      }
    },
    catch: fileFailure(`no backup can be made in ${folder}`),
  });

const isFree = (folder: string, name: string): Promise<boolean> =>
  Promise.all(
    [fileOf(folder, name), recordOf(folder, name)].map((path) =>
      Deno.lstat(path).then(() => false, () => true)
    ),
  ).then((free) => !free.includes(false));

const freeName = (folder: string, now: number): Effect.Effect<string, DatabaseError> =>
  Effect.gen(function* () {
    for (let ordinal = 0; ordinal < MOST; ordinal++) {
      const name = nameOf(now, ordinal);
      if (yield* Effect.promise(() => isFree(folder, name))) return name;
    }
    return yield* failure("conflict", `${MOST} backups in one second`);
  });

const attached = <A>(
  connection: Connection,
  path: string,
  mode: "" | " (read_only)",
  use: Effect.Effect<A, DatabaseError>,
): Effect.Effect<A, DatabaseError> =>
  connection.run(`attach ${literal(path)} as ${COPY}${mode}`).pipe(
    Effect.andThen(use),
    Effect.tap(() => connection.run(`detach ${COPY}`)),
  );

/** Writes all tables of this sink, as they are in one state of the database, into a new file. */
const write = (connection: Connection, database: string, tables: ReadonlyArray<string>, path: string) =>
  attached(
    connection,
    path,
    "",
    Effect.gen(function* () {
      yield* connection.run(`use ${COPY}`);
      yield* connection.run("begin");
      for (const name of tables) yield* copyTable(connection, database, name);
      yield* connection.run("commit");
      yield* connection.run(`checkpoint ${COPY}`);
      yield* connection.run(`use ${identifier(database)}`);
    }),
  );

/** Reads the new file from the disk and compares it row for row. Answers the rows by table. */
const compare = (connection: Connection, database: string, tables: ReadonlyArray<string>, path: string) =>
  attached(
    connection,
    path,
    " (read_only)",
    Effect.forEach(
      tables,
      (name) => Effect.map(compareTable(connection, database, COPY, name), (rows) => [name, rows] as const),
    ),
  );

/** Makes a backup and compares it with the database. The connection is of no use afterwards when this fails. */
export const backup = (
  connection: Connection,
  folder: string,
  location: string,
): Effect.Effect<Keeper.Backup, DatabaseError> =>
  Effect.gen(function* () {
    yield* prepare(folder);
    const madeAt = yield* Clock.currentTimeMillis;
    const name = yield* freeName(folder, madeAt);
    const partial = join(folder, `${PARTIAL}${name}.duckdb`);
    const partialRecord = join(folder, `${PARTIAL}${name}.json`);
    const remove = Effect.promise(async () => {
      for (const path of [partial, `${partial}.wal`, partialRecord]) {
        await Deno.remove(path).catch(() => undefined);
      }
    });
    return yield* Effect.gen(function* () {
      const database = yield* databaseOf(connection);
      const names = yield* tablesOf(connection, database);
      const tables = names.length === 0 ? [] : [...names, REGISTRY];
      yield* write(connection, database, tables, partial);
      const rows = yield* compare(connection, database, tables, partial);
      const counts = Object.fromEntries(rows.filter(([table]) => table !== REGISTRY));
      const sha256 = yield* sumOf(partial);
      const path = fileOf(folder, name);
      const bytes = yield* Effect.tryPromise({
        try: async () => {
          await Deno.chmod(partial, 0o600).catch(() => undefined);
          const { size } = await Deno.stat(partial);
          await Deno.writeTextFile(
            partialRecord,
            seal({ madeAt, location, bytes: size, sha256, tables: counts }),
          );
          await Promise.all([sync(partial), sync(partialRecord)]);
          await Deno.rename(partial, path);
          // A backup is there from the moment at which what it says of itself is.
          await Deno.rename(partialRecord, recordOf(folder, name));
          await syncFolder(path);
          return size;
        },
        catch: fileFailure(`the backup ${path} cannot be written`),
      });
      return { name, path, madeAt, bytes, tables: counts };
    }).pipe(Effect.ensuring(remove));
  });
