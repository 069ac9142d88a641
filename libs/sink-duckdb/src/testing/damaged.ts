import { expect, it } from "@effect/vitest";
import { Effect, type Layer, Logger, type Scope } from "effect";
import { basename, dirname, join } from "node:path";
import { openAlone } from "../database/alone.ts";
import { open } from "../database/Database.ts";
import type { Place } from "../database/place.ts";
import { fileFailure } from "../exporting/file.ts";
import * as Backups from "../keeping/backups.ts";
import { fileIn } from "./files.ts";

export const options = { memory: 256, threads: 2 };
export const ROWS = 20_000;
export const LOGGED = 500;

/** Tables with `rows` rows in the file, and, with a log, some more that only the log has. */
export const fill = (path: string, rows = ROWS) =>
  Effect.scoped(Effect.gen(function* () {
    const { run } = yield* sql(path);
    yield* run(
      "create table candles (id bigint, ts timestamptz not null, close double, name varchar, primary key (id))",
    );
    yield* run(
      `insert into candles select i, make_timestamptz(i * 60000000), (i * 7919) % 100003 / 100, 'n' || hash(i)
      from range(${rows}) r(i)`,
    );
    yield* run("create table runs (id varchar primary key, counts json)");
    yield* run(`insert into runs values ('a', '{}'), ('b', null)`);
    yield* run("checkpoint");
  }));

export const sql = (path: string) =>
  Effect.map(openAlone(path, {}), (connection) => ({
    run: (text: string) => connection.run(text),
    query: (text: string) => connection.query(text),
  }));

/** The state of the rows, as a sum that any change of any value changes. */
export const SUM =
  `select (select count(*) from candles) as candles, (select bit_xor(hash(t))::varchar from candles t) as sum,
  (select count(*) from runs) as runs, (select bit_xor(hash(t))::varchar from runs t) as other`;

/** A file of which a process died in the middle of its work, so that some rows stand in its log only. */
export const diedWith = (path: string, statement: string) =>
  Effect.promise(async () => {
    const program = `import { DuckDBInstance } from "@duckdb/node-api";
      const connection = await (await DuckDBInstance.create(Deno.args[0])).connect();
      await connection.run("pragma disable_checkpoint_on_shutdown");
      await connection.run(Deno.args[1]);
      Deno.kill(Deno.pid, "SIGKILL");`;
    const file = join(import.meta.dirname!, `died-${crypto.randomUUID()}.ts`);
    await Deno.writeTextFile(file, program);
    try {
      await new Deno.Command(Deno.execPath(), { args: ["run", "-A", file, path, statement], stderr: "null" })
        .output();
    } finally {
      await Deno.remove(file);
    }
  });

export interface Said {
  readonly lines: ReadonlyArray<string>;
}

/** Opens a database as a run does, asks one thing, and closes it; what it said meanwhile. */
export const asking = <A>(
  place: Place,
  ask: string | undefined,
  decode: (rows: ReadonlyArray<unknown>) => A,
) =>
  Effect.suspend(() => {
    const lines: Array<string> = [];
    const logger = Logger.make(({ message }) => void lines.push(String(message)));
    return Effect.scoped(Effect.gen(function* () {
      const database = yield* open(place, options);
      const connection = yield* database.connect;
      return ask === undefined ? [] : yield* connection.query(ask);
    })).pipe(
      Effect.map((rows) => ({ answer: decode(rows), lines } satisfies Said & { readonly answer: A })),
      Effect.provide(Logger.layer([logger]) as Layer.Layer<never>),
    );
  });

export const opened = (place: Place) => asking(place, SUM, (rows) => rows[0]);
export const openedEmpty = (place: Place) =>
  asking(place, "select count(*) as n from duckdb_tables()", (rows) => rows[0]);

export const change = (path: string, body: (bytes: Uint8Array) => Uint8Array | void) =>
  Effect.sync(() => {
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, body(bytes) ?? bytes);
  });

export const besides = (path: string) =>
  [...Deno.readDirSync(dirname(path))].filter(({ isFile }) => isFile).map(({ name }) => name)
    .filter((name) => name !== basename(path)).sort();

export const asideOf = (path: string) =>
  besides(path).filter((name) => /\.damaged-\d{8}T\d{6}Z(-\d+)?$/.test(name));

/** A backup of a database that is closed, as the keeper makes it. */
export const backUp = (place: Place, madeAt: number) =>
  Effect.gen(function* () {
    const name = Backups.nameOf(madeAt, 0);
    const path = Backups.fileOf(place.backups, name);
    yield* Effect.tryPromise({
      try: async () => {
        await Deno.mkdir(place.backups, { recursive: true });
        await Deno.copyFile(place.path, path);
      },
      catch: fileFailure("backup"),
    });
    const sha256 = yield* Backups.sumOf(path);
    const record = { madeAt, location: place.path, bytes: Deno.statSync(path).size, sha256, tables: {} };
    Deno.writeTextFileSync(Backups.recordOf(place.backups, name), Backups.seal(record));
    return { name, path };
  });

export const own = (path: string): Place => ({ ...fileIn(path), isOwn: true });

export const failureOf = (place: Place) => Effect.flip(opened(place));

export const isSaid = (lines: ReadonlyArray<string>, ...words: ReadonlyArray<string>) => {
  for (const word of words) expect(lines.join("\n")).toContain(word);
};

export const test = (
  name: string,
  body: Effect.Effect<void, unknown, Scope.Scope>,
) => it.live(name, () => Effect.scoped(body), 60_000);
