import type { Keeper } from "@candlewick/core";
import { identifier, identifiers, literal } from "@candlewick/sql-store";
import { Clock, Effect, type Scope } from "effect";
import { join } from "node:path";
import type { Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { comparable } from "../sql/quote.ts";
import * as Backups from "./backups.ts";
import { sync, writeRows, writing } from "./files.ts";
import { type BackedUpTable, backupOf, fileOf, MANIFEST, type Manifest, nameOf, seal } from "./manifest.ts";
import { type DatasetRecord, readRecords } from "./records.ts";
import { ask, askRow, toItsEnd, transaction } from "./session.ts";
import { lockTables } from "./status.ts";
import { sharing } from "./upkeepLock.ts";

type Columns = BackedUpTable["columns"];

/** Columns that hold data; a generated one follows from others. */
const columnsSql = (table: string): string =>
  `select attname, format_type(atttypid, atttypmod) from pg_attribute
   where attrelid = to_regclass(${
    literal(identifier(table))
  }) and attnum > 0 and not attisdropped and attgenerated = ''
   order by attnum`;

/** All rows of a table, in an order that is the same wherever these are its rows. */
export const copySql = ({ columns, key, name }: DatasetRecord, saved: Columns): string => {
  const order = key.map((part) =>
    comparable(columns.find((column) => column.name === part)!.type, identifier(part))
  );
  return `copy (select ${identifiers(saved.map((column) => column.name))} from ${identifier(name)} order by ${
    order.join(", ")
  }) to stdout`;
};

const LINE_FEED = 0x0a;

/** Each row is one line, whatever its values hold. */
const linesIn = (bytes: Uint8Array): number => {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
};

const saveTable = Effect.fnUntraced(function* (
  connection: Connection,
  definition: DatasetRecord,
  path: string,
): Effect.fn.Return<BackedUpTable, DatabaseError> {
  const { rows: found } = yield* ask(connection, columnsSql(definition.name));
  const columns = found.map(([name, type]) => ({ name: name!, type: type! }));
  let rows = 0;
  const written = yield* toItsEnd(connection, () => {
    const copy = connection.copyOut(copySql(definition, columns));
    return writeRows(path, async () => {
      const piece = await copy.nextBytes();
      if (piece !== undefined) rows += linesIn(piece);
      return piece;
    });
  });
  return { definition, columns, rows, ...written };
});

/** A name that no backup in the folder has. */
const freeName = Effect.fnUntraced(function* (folder: string, madeAt: number) {
  const taken = (yield* Backups.list(folder)).map(({ name }) => name);
  for (let ordinal = 0; ordinal < 99; ordinal++) {
    const name = nameOf(madeAt, ordinal);
    if (!taken.includes(name)) return name;
  }
  return yield* failure("conflict", "a hundred backups in one second");
});

/**
 * Saves all tables as they are at one moment, while runs may go on. What is written bears another name until all of
 * it is on disk; whatever comes between leaves nothing.
 */
export const backup = Effect.fnUntraced(function* (
  connection: Connection,
  folder: string,
  location: string,
): Effect.fn.Return<Keeper.Backup, DatabaseError, Scope.Scope> {
  yield* sharing(connection);
  yield* writing("make", folder, () => Deno.mkdir(folder, { recursive: true, mode: 0o700 }));
  yield* Backups.aloneIn(folder);
  yield* Backups.removePartial(folder);
  const madeAt = yield* Clock.currentTimeMillis;
  const name = yield* freeName(folder, madeAt);
  const partial = join(folder, `${Backups.PARTIAL}${name}`);
  yield* Effect.acquireRelease(
    writing("make", partial, () => Deno.mkdir(partial, { mode: 0o700 })),
    () => Effect.ignore(Backups.remove(partial)),
  );
  const manifest = yield* transaction(
    connection,
    "isolation level repeatable read, read only",
    Effect.gen(function* () {
      const { tables } = yield* readRecords(connection);
      const lock = lockTables(tables);
      if (lock !== undefined) yield* ask(connection, lock);
      const [server] = yield* askRow(connection, "show server_version");
      const saved = yield* Effect.forEach(
        tables,
        (table, ordinal) => saveTable(connection, table, join(partial, fileOf(table.name, ordinal))),
      );
      const manifest: Manifest = { format: 1, madeAt, server: server!, location, tables: saved };
      return manifest;
    }),
  );
  const file = join(partial, MANIFEST);
  yield* writing(
    "write",
    file,
    () => Deno.writeTextFile(file, seal(manifest), { createNew: true, mode: 0o600 }),
  );
  yield* writing("write", partial, async () => {
    await sync(file);
    await sync(partial, true);
    await Deno.rename(partial, join(folder, name));
    await sync(folder, true);
  });
  return backupOf(folder, name, manifest);
});
