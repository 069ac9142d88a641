import { Dataset } from "@candlewick/core";
import { canMakeDisks, storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber, type Scope, Stream } from "effect";
import { TemporaryPostgres } from "./embedded/testing.ts";
import { serverForTests, sinkOn, type TestDatabase } from "./testing/servers.ts";
import { smallTablespace } from "./testing/smallTablespace.ts";

const dataset = Dataset.make({
  name: "faulty",
  columns: { id: Dataset.int64(), count: Dataset.int64(), text: Dataset.text() },
  key: ["id"],
});

const rows = (count: number, from = 1, text = () => "x") =>
  Array.from({ length: count }, (_, i) => ({ id: from + i, count: 0, text: text() }));

/** Of 1,800 bytes, which no compression makes shorter. */
const wide = () => Array.from({ length: 50 }, () => crypto.randomUUID()).join("");

const stored = ({ sql }: TestDatabase) =>
  Effect.map(sql("select count(*) from faulty"), (found) => Number(found[0]![0]));

const server = serverForTests();

const test = (
  title: string,
  body: (database: TestDatabase) => Effect.Effect<void, unknown, TemporaryPostgres | Scope.Scope>,
  options: Parameters<typeof server.database>[0] = {},
) =>
  it(title, () =>
    server.run(Effect.gen(function* () {
      const database = yield* server.database(options);
      yield* database.sink.ensure(dataset);
      yield* body(database);
    })), 60_000);

describe("isolation", () => {
  for (const level of ["repeatable read", "serializable"]) {
    test(`a database whose transactions are ${level} by default gets those that the sink needs`, (database) =>
      Effect.gen(function* () {
        yield* database.sql(
          `do $$ begin execute format('alter database %I set default_transaction_isolation = %L',
            current_database(), '${level}'); end $$`,
        );
        const sink = yield* sinkOn(database.address);
        const increment = Effect.gen(function* () {
          const [row] = (yield* Stream.runCollect(sink.select(dataset))).flat();
          yield* sink.upsert(dataset, [{ id: 1, text: "x", count: (row?.count ?? 0) + 1 }]);
        });
        const locked = sink.transaction(increment, { lock: "counter" });
        yield* Effect.all(Array.from({ length: 12 }, () => locked), { concurrency: "unbounded" });
        expect(yield* database.sql("select count from faulty")).toEqual([["12"]]);
      }));
  }
});

describe("a serialization failure", () => {
  /** The first writes of the table fail as those of a serializable transaction do. */
  const failing = ({ sql }: TestDatabase, times: number) =>
    sql(`
      create sequence writes;
      create function refuse() returns trigger language plpgsql as $$ begin
        if nextval('writes') <= ${times} then
          raise exception 'could not serialize access' using errcode = 'serialization_failure';
        end if;
        return null;
      end $$;
      create trigger refuse before insert on faulty for each statement execute function refuse();`);

  for (const size of [5, 500]) {
    test(`is tried again for ${size} rows at hand`, (database) =>
      Effect.gen(function* () {
        yield* failing(database, 2);
        expect(yield* database.sink.upsert(dataset, rows(size))).toMatchObject({ inserted: size });
      }));
  }

  test("that persists is a conflict after a bounded number of tries, and leaves nothing", (database) =>
    Effect.gen(function* () {
      yield* failing(database, 1_000);
      yield* storeFailure(database.sink.upsert(dataset, rows(500)), "conflict");
      expect(yield* database.sql("select last_value from writes")).toEqual([["4"]]);
      expect(yield* stored(database)).toBe(0);
    }));

  test("fails a transaction of several steps as a whole; its caller may repeat it", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      yield* failing(database, 1);
      const both = sink.transaction(
        Effect.andThen(sink.upsert(dataset, rows(200)), sink.upsert(dataset, rows(200, 1_000))),
      );
      yield* storeFailure(both, "conflict");
      expect(yield* stored(database)).toBe(0);
      yield* both;
      expect(yield* stored(database)).toBe(400);
    }));
});

describe("a table that another program has locked", () => {
  /** Long enough to find out by whom, on a machine that is busy. */
  const lockTimeout = 6_000;

  test(
    "is an error that names table, program and process, for those who write and who read",
    (database) =>
      Effect.gen(function* () {
        const { sink, sql } = database;
        const [[pid]] = yield* sql("select pg_backend_pid()") as Effect.Effect<[[string]]>;
        yield* sql("set application_name = 'some report'; begin; lock table faulty in access exclusive mode");
        const failed = yield* Effect.all([
          storeFailure(sink.transaction(sink.upsert(dataset, rows(1))), "conflict"),
          storeFailure(Stream.runDrain(sink.select(dataset)), "conflict"),
        ], { concurrency: "unbounded" });
        for (const { message } of failed) {
          expect(message).toContain("canceling statement due to lock timeout");
          expect(message).toContain(
            `faulty is locked by "some report" (process ${pid}, user candlewick, idle in`,
          );
        }
        yield* sql("rollback");
        expect(yield* sink.upsert(dataset, rows(1))).toMatchObject({ inserted: 1 });
      }),
    { lockTimeout },
  );

  test("is waited for", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      yield* sql("begin; lock table faulty in access exclusive mode");
      const writer = yield* Effect.forkChild(sink.upsert(dataset, rows(500)));
      const waits = sql("select count(*) from pg_locks where not granted and relation = 'faulty'::regclass");
      yield* Effect.repeat(waits, { until: (found) => found[0]![0] === "1" });
      yield* sql("rollback");
      expect(yield* Fiber.join(writer)).toMatchObject({ inserted: 500 });
    }));
});

describe("a server that is restarted", () => {
  for (const mode of ["fast", "immediate"] as const) {
    test(`(${mode}) fails what was going on, and is found again`, (database) =>
      Effect.gen(function* () {
        const { sink, sql } = database;
        const postgres = yield* TemporaryPostgres;
        yield* sink.upsert(dataset, rows(10));
        // Servers for tests do not wait for the disk: what was committed a moment ago might go with a crash.
        yield* sql("checkpoint");
        const stopping = Stream.concat(
          Stream.succeed(rows(5_000, 10_000)),
          Stream.fromEffect(Effect.as(postgres.stop(mode), rows(5_000, 20_000))),
        );
        yield* storeFailure(sink.upsert(dataset, stopping), "connection");
        const away = yield* storeFailure(sink.upsert(dataset, rows(1)), "connection");
        expect(away.message).toContain("ECONNREFUSED");
        yield* postgres.start;
        expect(yield* sink.upsert(dataset, rows(20))).toMatchObject({ inserted: 10, unchanged: 10 });
      }));
  }
});

describe.skipIf(!canMakeDisks)("a disk that is full (needs root, and the right to mount)", () => {
  test("is a fault of capacity that says where; nothing is half-written, and with room it goes on", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      const disk = yield* smallTablespace(database, "small", 2);
      yield* sql("alter table faulty set tablespace small");
      yield* sql("alter index faulty_pkey set tablespace small");
      yield* sink.upsert(dataset, rows(10));
      const many = rows(2_000, 100, wide);
      for (
        const write of [
          sink.upsert(dataset, many),
          sink.transaction(Effect.andThen(sink.upsert(dataset, rows(10, 50)), sink.upsert(dataset, many))),
        ]
      ) {
        const { message } = yield* storeFailure(write, "capacity");
        expect(message).toMatch(
          /upsert faulty: the database server's disk is full \(tablespace small, \/.*\): .*No space left/,
        );
        expect(yield* stored(database)).toBe(10);
      }
      yield* disk.grow(64);
      expect(yield* sink.upsert(dataset, many)).toMatchObject({ inserted: 2_000 });
      yield* sql("drop table faulty");
      yield* sql("drop tablespace small");
    }));
});
