import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit, Layer, Logger, type Scope } from "effect";
import * as fc from "fast-check";
import { basename, dirname, join } from "node:path";
import { openAlone } from "../database/alone.ts";
import { open } from "../database/Database.ts";
import type { Place } from "../database/place.ts";
import { fileFailure } from "../exporting/file.ts";
import * as Backups from "../keeping/backups.ts";
import { fileIn, folder, holding, setVersion } from "../testing/files.ts";
import { suspicionOf } from "./suspicion.ts";

const options = { memory: 256, threads: 2 };
const ROWS = 20_000;
const LOGGED = 500;

/** Tables with `rows` rows in the file, and, with a log, some more that only the log has. */
const fill = (path: string, rows = ROWS) =>
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

const sql = (path: string) =>
  Effect.map(openAlone(path, {}), (connection) => ({
    run: (text: string) => connection.run(text),
    query: (text: string) => connection.query(text),
  }));

/** The state of the rows, as a sum that any change of any value changes. */
const SUM =
  `select (select count(*) from candles) as candles, (select bit_xor(hash(t))::varchar from candles t) as sum,
  (select count(*) from runs) as runs, (select bit_xor(hash(t))::varchar from runs t) as other`;

/** A file of which a process died in the middle of its work, so that some rows stand in its log only. */
const diedWith = (path: string, statement: string) =>
  Effect.promise(async () => {
    const program = `import { DuckDBInstance } from "@duckdb/node-api";
      const connection = await (await DuckDBInstance.create(Deno.args[0])).connect();
      await connection.run("pragma disable_checkpoint_on_shutdown");
      await connection.run(Deno.args[1]);
      Deno.kill(Deno.pid, "SIGKILL");`;
    const file = join(dirname(import.meta.dirname!), `died-${crypto.randomUUID()}.ts`);
    await Deno.writeTextFile(file, program);
    try {
      await new Deno.Command(Deno.execPath(), { args: ["run", "-A", file, path, statement], stderr: "null" })
        .output();
    } finally {
      await Deno.remove(file);
    }
  });

interface Said {
  readonly lines: ReadonlyArray<string>;
}

/** Opens a database as a run does, asks one thing, and closes it; what it said meanwhile. */
const asking = <A>(place: Place, ask: string | undefined, decode: (rows: ReadonlyArray<unknown>) => A) =>
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

const opened = (place: Place) => asking(place, SUM, (rows) => rows[0]);
const openedEmpty = (place: Place) =>
  asking(place, "select count(*) as n from duckdb_tables()", (rows) => rows[0]);

const change = (path: string, body: (bytes: Uint8Array) => Uint8Array | void) =>
  Effect.sync(() => {
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, body(bytes) ?? bytes);
  });

const besides = (path: string) =>
  [...Deno.readDirSync(dirname(path))].filter(({ isFile }) => isFile).map(({ name }) => name)
    .filter((name) => name !== basename(path)).sort();

const asideOf = (path: string) => besides(path).filter((name) => /\.damaged-\d{8}T\d{6}Z(-\d+)?$/.test(name));

/** A backup of a database that is closed, as the keeper makes it. */
const backUp = (place: Place, madeAt: number) =>
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

const own = (path: string): Place => ({ ...fileIn(path), isOwn: true });

const failureOf = (place: Place) => Effect.flip(opened(place));

const isSaid = (lines: ReadonlyArray<string>, ...words: ReadonlyArray<string>) => {
  for (const word of words) expect(lines.join("\n")).toContain(word);
};

const test = (
  name: string,
  body: Effect.Effect<void, unknown, Scope.Scope>,
) => it.live(name, () => Effect.scoped(body), 60_000);

const HEADER_DAMAGES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array | void>> = {
  "a bit of the main header": (bytes) => void (bytes[100]! ^= 4),
  "a bit of the first header": (bytes) => void (bytes[4_096 + 20]! ^= 1),
  "cut in the middle": (bytes) => bytes.subarray(0, Math.floor(bytes.length / 3)),
  "cut to a part of a header": (bytes) => bytes.subarray(0, 2_000),
  "cut to nothing": () => new Uint8Array(),
  "zeros where the headers were": (bytes) => void bytes.fill(0, 0, 12_288),
};

describe("a damaged file", () => {
  for (const [what, damage] of Object.entries(HEADER_DAMAGES)) {
    test(
      `is set aside and rebuilt from the newest backup: ${what}`,
      Effect.gen(function* () {
        const place = own(yield* folder);
        yield* fill(place.path, 1_000);
        const older = yield* backUp(place, Date.UTC(2026, 10, 19, 10, 15));
        yield* Effect.sync(() => Deno.removeSync(place.path));
        yield* fill(place.path);
        const { answer: before } = yield* opened(place);
        const newer = yield* backUp(place, Date.UTC(2026, 10, 20, 10, 15));
        yield* change(place.path, damage);
        const damaged = Deno.readFileSync(place.path);

        const { answer, lines } = yield* asking(place, "select count(*) n from candles", (rows) => rows[0]);
        // Cut in the middle, a file opens; what is gone shows when it is read.
        if (!/middle/.test(what)) {
          expect(answer).toEqual({ n: ROWS });
          isSaid(
            lines,
            "damaged",
            newer.name,
            "2026-11-20 10:15 UTC",
            "candles 20,000 rows",
            "runs 2 rows",
            "is lost",
          );
          expect(lines.join("\n")).not.toContain(older.name);
          const [aside] = asideOf(place.path);
          expect(Deno.readFileSync(join(dirname(place.path), aside!))).toEqual(damaged);
          isSaid(lines, aside!);
          const again = yield* opened(place);
          expect(again).toEqual({ answer: before, lines: [] });
          expect(besides(place.path)).toEqual([aside]);
        }
      }),
    );
  }

  test(
    "is rebuilt from an older backup when the newest is damaged, too",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* backUp(place, Date.UTC(2026, 10, 18));
      const newest = yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* change(newest.path, (bytes) => void (bytes[bytes.length - 5_000]! ^= 1));
      yield* change(place.path, (bytes) => bytes.subarray(0, 5_000));
      const { answer, lines } = yield* opened(place);
      expect(answer).toMatchObject({ candles: 1_000, runs: 2 });
      isSaid(lines, `The backup ${newest.name} cannot be used`, "20261118T000000Z");
    }),
  );

  test(
    "begins empty where there is no backup, and says so",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* change(place.path, (bytes) => void bytes.fill(7, 0, 20_000));
      const { answer, lines } = yield* openedEmpty(place);
      expect(answer).toEqual({ n: 0 });
      isSaid(lines, "no backup", "begins empty", "historic");
      expect(asideOf(place.path)).toHaveLength(1);
    }),
  );

  test(
    "keeps what was set aside before",
    Effect.gen(function* () {
      const place = own(yield* folder);
      for (const count of [1, 2, 3]) {
        yield* Effect.sync(() => Deno.writeFileSync(place.path, new Uint8Array(count * 100)));
        yield* openedEmpty(place);
        expect(asideOf(place.path)).toHaveLength(count);
      }
      const sizes = asideOf(place.path).map((name) => Deno.statSync(join(dirname(place.path), name)).size);
      expect(sizes.toSorted((left, right) => left - right)).toEqual([100, 200, 300]);
    }),
  );

  test(
    "with a damaged log is as it was before the log",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      const { answer: before } = yield* opened(place);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* diedWith(
        place.path,
        `insert into candles select 100000 + i, now(), 1, 'x' from range(${LOGGED}) r(i)`,
      );
      yield* change(`${place.path}.wal`, (bytes) => void (bytes[Math.floor(bytes.length / 2)]! ^= 1));
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "Its log (.wal) is what is damaged", "candles 20,000 rows");
      expect(besides(place.path)).toHaveLength(2);
    }),
  );
});

describe("what is no damage", () => {
  test(
    "a process that was killed in mid-write: what it committed is there",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      yield* diedWith(
        place.path,
        `insert into candles select 100000 + i, now(), 1, 'x' from range(${LOGGED}) r(i)`,
      );
      expect(Deno.statSync(`${place.path}.wal`).size).toBeGreaterThan(0);
      const { answer, lines } = yield* opened(place);
      expect(answer).toMatchObject({ candles: ROWS + LOGGED, runs: 2 });
      expect(lines).toEqual([]);
      expect(asideOf(place.path)).toEqual([]);
    }),
  );

  test(
    "a file that is open in another process",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 100);
      yield* Effect.scoped(Effect.gen(function* () {
        yield* holding(place.path);
        expect(yield* failureOf(place)).toMatchObject({ kind: "locked", fault: "conflict" });
      }));
      expect((yield* opened(place)).answer).toMatchObject({ candles: 100 });
      expect(besides(place.path)).toEqual([]);
    }),
  );

  test(
    "a file of somebody else's that the setting names by mistake",
    Effect.gen(function* () {
      const place = fileIn(yield* folder);
      const text = "name,price\n".repeat(5_000);
      Deno.writeTextFileSync(place.path, text);
      const error = yield* failureOf(place);
      expect(error.fault).toBe("schema");
      expect(error.message).toContain("was left as it is");
      expect(Deno.readTextFileSync(place.path)).toBe(text);
      expect(besides(place.path)).toEqual([]);
    }),
  );

  test(
    "a database of a version to come",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 100);
      yield* change(place.path, (bytes) => setVersion(bytes, 70n));
      const before = Deno.readFileSync(place.path);
      expect(yield* failureOf(place)).toMatchObject({ kind: "version", fault: "schema" });
      expect(Deno.readFileSync(place.path)).toEqual(before);
      expect(besides(place.path)).toEqual([]);
    }),
  );
});

describe("damage that shows only when it is read", () => {
  test(
    "ends the run as a failure of the store that says so; the next open recovers",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      const { answer: before } = yield* opened(place);
      yield* change(place.path, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
      const error = yield* failureOf(place);
      expect(error.fault).toBe("capacity");
      expect(error.message).toContain("the next run sets it aside");
      expect(yield* suspicionOf(place.path)).toBeDefined();
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "20261119T000000Z");
      expect(yield* opened(place)).toEqual({ answer: before, lines: [] });
      expect(besides(place.path)).toHaveLength(1);
    }),
  );

  test(
    "a suspicion that proves wrong loses nothing",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path);
      const { answer: before } = yield* opened(place);
      yield* Effect.sync(() => Deno.writeTextFileSync(`${place.path}.suspect`, "a block\n"));
      const { answer, lines } = yield* opened(place);
      expect(answer).toEqual(before);
      isSaid(lines, "nothing is lost");
    }),
  );
});

describe("two who open a damaged file at once", () => {
  test(
    "recover it once",
    Effect.gen(function* () {
      const place = own(yield* folder);
      yield* fill(place.path, 1_000);
      yield* backUp(place, Date.UTC(2026, 10, 19));
      yield* change(place.path, (bytes) => bytes.subarray(0, 5_000));
      const program = join(import.meta.dirname!, "../testing/opener.ts");
      const results = yield* Effect.promise(() =>
        Promise.all([1, 2, 3].map(async () => {
          const { stdout } = await new Deno.Command(Deno.execPath(), {
            args: ["run", "-A", program, JSON.stringify(place)],
            stderr: "inherit",
          }).output();
          const [last] = new TextDecoder().decode(stdout).trim().split("\n").reverse();
          return JSON.parse(last!) as { outcome: string };
        }))
      );
      expect(asideOf(place.path)).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === "open").length).toBeGreaterThan(0);
      for (const { outcome } of results) expect(["open", "conflict"]).toContain(outcome);
      expect((yield* opened(place)).answer).toMatchObject({ candles: 1_000 });
    }),
  );
});

describe("kill -9 in mid-write", () => {
  it.live(
    "never looks like damage, and leaves whole transactions",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const place = own(yield* folder);
        let batches = 0;
        for (let round = 0; round < 12; round++) {
          yield* Effect.promise(async () => {
            const child = new Deno.Command(Deno.execPath(), {
              args: ["run", "-A", join(import.meta.dirname!, "../testing/writer.ts"), place.path],
              stdout: "piped",
              stderr: "inherit",
            }).spawn();
            const reader = child.stdout.getReader();
            await reader.read();
            await new Promise((resolve) => setTimeout(resolve, round * 17));
            child.kill("SIGKILL");
            reader.releaseLock();
            await child.stdout.cancel();
            await child.status;
          });
          const { answer, lines } = yield* asking(
            place,
            `select (select count(*) from batches) as batches, (select count(*) from series) as rows,
          (select count(*) from (select batch, count(*) n from series group by batch having n <> 997)) as torn`,
            (rows) => rows[0] as { batches: number; rows: number; torn: number },
          );
          expect(lines).toEqual([]);
          expect(answer.torn).toBe(0);
          expect(answer.rows).toBe(answer.batches * 997);
          expect(answer.batches).toBeGreaterThanOrEqual(batches);
          batches = answer.batches;
        }
        expect(batches).toBeGreaterThan(0);
        expect(besides(place.path)).toEqual([]);
      })),
    120_000,
  );
});

describe("damage at random", () => {
  it.live(
    "all rows are right, or the damage is told; nothing is silently wrong",
    () =>
      Effect.scoped(Effect.gen(function* () {
        const base = yield* folder;
        const place = own(base);
        yield* fill(place.path);
        const { answer: before } = yield* opened(place);
        const pristine = Deno.readFileSync(place.path);
        yield* backUp(place, Date.UTC(2026, 10, 19));
        const damage = fc.record({
          kind: fc.constantFrom("flip", "header", "zeros", "cut"),
          at: fc.nat(999_999).map((millionth) => millionth / 1_000_000),
          bit: fc.nat(7),
        });
        let recovered = 0;
        yield* Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(damage, async ({ at, bit, kind }) => {
              const bytes = pristine.slice();
              const place = Math.floor(at * (bytes.length - 1));
              const damaged = kind === "cut" ? bytes.subarray(0, place) : bytes;
              if (kind === "flip") bytes[place]! ^= 1 << bit;
              if (kind === "header") bytes[Math.floor(at * 12_287)]! ^= 1 << bit;
              if (kind === "zeros") bytes.fill(0, place, place + 5_000);
              Deno.writeFileSync(own(base).path, damaged);
              for (const turn of ["first", "second"]) {
                const exit = await Effect.runPromise(Effect.exit(opened(own(base))));
                if (Exit.isSuccess(exit)) {
                  expect(exit.value.answer).toEqual(before);
                  if (exit.value.lines.length > 0) recovered++;
                  continue;
                }
                // Told once, by the run that met it; the next recovers.
                expect(turn).toBe("first");
              }
            }),
            { numRuns: 100 },
          )
        );
        // Damage to a header is always found.
        expect(recovered).toBeGreaterThan(0);
      })),
    240_000,
  );
});
