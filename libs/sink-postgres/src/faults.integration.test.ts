import { Dataset, Where } from "@candlewick/core";
import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Deferred, Effect, Exit, Fiber, Stream } from "effect";
import type { TemporaryPostgres } from "./embedded/testing.ts";
import { serverForTests, type TestDatabase } from "./testing/servers.ts";

const dataset = Dataset.make({
  name: "faulty",
  columns: {
    id: Dataset.int64(),
    symbol: Dataset.text(),
    extra: Dataset.nullable(Dataset.json()),
  },
  key: ["id"],
  indexes: [{ columns: ["symbol"], unique: true }],
});

const row = (id: number, symbol = `S${id}`, extra: unknown = null) => ({ id, symbol, extra });
const rows = (count: number, from = 1) => Array.from({ length: count }, (_, i) => row(from + i));

/** 72 MB, more than the buffers of a connection may grow to: 32 MiB on Linux. */
const wide = rows(60_000).map((r) => ({ ...r, extra: "x".repeat(1_200) }));
/** The server waits for the reader. */
const WRITING = "wait_event = 'ClientWrite'";

const count = ({ sql }: TestDatabase) =>
  Effect.map(sql("select count(*) from faulty"), (found) => Number(found[0]![0]));

const OTHERS = "pid <> pg_backend_pid() and application_name = 'candlewick' and datname = current_database()";

/** Cuts the connections of the sink that are in the middle of a transaction. */
const cut = ({ sql }: TestDatabase) =>
  sql(
    `select count(pg_terminate_backend(pid)) from pg_stat_activity where ${OTHERS} and xact_start is not null`,
  );

/** Waits until the server says so; a real server needs real time. */
const until = (database: TestDatabase, condition: string): Effect.Effect<void> =>
  Effect.flatMap(
    database.sql(`select exists (select from pg_stat_activity where ${OTHERS} and ${condition})`),
    (found) =>
      found[0]![0] === "t" ? Effect.void : Effect.andThen(Effect.sleep(5), until(database, condition)),
  );

describe("faults, on a real server", () => {
  const server = serverForTests();

  const test = (
    title: string,
    body: (database: TestDatabase) => Effect.Effect<void, unknown, TemporaryPostgres>,
    options: Parameters<typeof server.database>[0] = {},
  ) =>
    it(title, () =>
      server.run(Effect.gen(function* () {
        const database = yield* server.database(options);
        yield* database.sink.ensure(dataset);
        yield* body(database);
      })));

  test("a connection cut in mid-COPY rolls back, is a connection fault, and the next call works", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      for (const stored of [0, 1]) {
        yield* sink.replace(dataset, Where.all, rows(stored));
        const batches = Stream.concat(
          Stream.succeed(rows(5_000, 10)),
          Stream.fromEffect(Effect.as(cut(database), rows(5_000, 10_000))),
        );
        yield* storeFailure(sink.upsert(dataset, batches), "connection");
        expect(yield* count(database)).toBe(stored);
        expect(yield* sink.upsert(dataset, rows(3))).toMatchObject({ inserted: 3 - stored });
      }
    }));

  test("rows given as an array are sent again when the connection is cut", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      yield* sink.upsert(dataset, rows(2_000));
      // The merge waits for the lock, so that it can be cut with certainty.
      yield* sql("begin; lock table faulty in exclusive mode");
      const writer = yield* Effect.forkChild(
        sink.upsert(dataset, rows(2_000).map((r) => ({ ...r, extra: 1 }))),
      );
      yield* until(database, "wait_event_type = 'Lock'");
      yield* cut(database);
      yield* sql("commit");
      expect(yield* Fiber.join(writer)).toMatchObject({ updated: 2_000 });
    }));

  test("a transaction whose connection is cut fails as a whole, and does not go on outside it", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      yield* storeFailure(
        sink.transaction(Effect.gen(function* () {
          yield* sink.upsert(dataset, rows(5));
          yield* cut(database);
          yield* Effect.ignore(sink.upsert(dataset, rows(5, 100)));
          yield* Effect.ignore(sink.upsert(dataset, rows(500, 200)));
        })),
        "connection",
      );
      expect(yield* count(database)).toBe(0);
    }));

  test("a selection that is cut fails, and never looks complete", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      yield* sink.upsert(dataset, wide);
      let batches = 0;
      const selection = sink.select(dataset).pipe(
        Stream.mapEffect((batch) =>
          batches++ === 0
            ? Effect.as(Effect.andThen(until(database, WRITING), cut(database)), batch)
            : Effect.succeed(batch)
        ),
        Stream.runDrain,
      );
      yield* storeFailure(selection, "connection");
    }));

  test("a slow reader holds the server back instead of filling memory", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      yield* sink.upsert(dataset, wide);
      const selection = sink.select(dataset).pipe(
        Stream.mapEffect((batch) => Effect.as(until(database, WRITING), batch)),
        Stream.take(2),
        Stream.runDrain,
      );
      yield* selection;
    }));

  test("of two transactions in a deadlock one ends as a conflict, the other commits", (database) =>
    Effect.gen(function* () {
      const { sink } = database;
      yield* sink.upsert(dataset, rows(2));
      const [one, two] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()];
      const writer = (first: number, second: number, mine: typeof one, other: typeof one) =>
        Effect.exit(sink.transaction(Effect.gen(function* () {
          yield* sink.upsert(dataset, [row(first, `changed ${first} by ${second}`)]);
          yield* Deferred.succeed(mine, undefined);
          yield* Deferred.await(other);
          yield* sink.upsert(dataset, [row(second, `changed ${second} by ${first}`)]);
        })));
      const exits = yield* Effect.all([writer(1, 2, one, two), writer(2, 1, two, one)], { concurrency: 2 });
      const failed = exits.filter(Exit.isFailure);
      expect(failed.length).toBe(1);
      const error = yield* storeFailure(Effect.suspend(() => failed[0]!), "conflict");
      expect(error.message).toContain("deadlock");
    }));

  test("a lock that another program does not let go is a conflict", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      yield* sink.upsert(dataset, rows(1));
      yield* sql("begin; select * from faulty for update");
      yield* storeFailure(sink.transaction(sink.upsert(dataset, [row(1, "changed")])), "conflict");
      yield* sql("commit");
      expect(yield* sink.upsert(dataset, [row(1, "changed")])).toMatchObject({ updated: 1 });
    }), { lockTimeout: 50 });

  test(
    "a named lock is waited for longer than tables and statements may take",
    (database) =>
      Effect.gen(function* () {
        const { sink, sql } = database;
        yield* sql("select pg_advisory_lock(hashtextextended('the lock', 0))");
        const writer = yield* Effect.forkChild(
          sink.transaction(sink.upsert(dataset, rows(1)), { lock: "the lock" }),
        );
        yield* until(
          database,
          "wait_event = 'advisory' and query_start < clock_timestamp() - interval '1.5 s'",
        );
        yield* sql("select pg_advisory_unlock_all()");
        expect(yield* Fiber.join(writer)).toMatchObject({ inserted: 1 });
      }),
    { lockTimeout: 50, statementTimeout: 1_000 },
  );

  test("an interrupted statement is cancelled on the server, and its connection not used again", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      yield* sink.upsert(dataset, rows(200));
      yield* sql("begin; lock table faulty in exclusive mode");
      const writer = yield* Effect.forkChild(
        sink.upsert(dataset, rows(200).map((r) => ({ ...r, extra: 1 }))),
      );
      yield* until(database, "wait_event_type = 'Lock'");
      yield* Fiber.interrupt(writer);
      const waiting = sql(
        `select count(*) from pg_stat_activity where ${OTHERS} and wait_event_type = 'Lock'`,
      );
      yield* Effect.repeat(waiting, { until: (found) => found[0]![0] === "0" });
      yield* sql("commit");
      expect(yield* sink.upsert(dataset, rows(200))).toMatchObject({ unchanged: 200 });
    }));

  test("errors of constraints name table, constraint and row, for few rows and for many", (database) =>
    Effect.gen(function* () {
      const { sink, sql } = database;
      yield* sql("alter table faulty add constraint never check (id <> 777777)");
      // Straight into the empty table the server names the line, and the line is a row.
      const checked = yield* storeFailure(
        sink.upsert(dataset, [...rows(3_000, 10), row(777_777, "X")]),
        "constraint",
      );
      expect(checked.message).toContain("never");
      expect(checked.message).toContain("id=777777");
      yield* sink.upsert(dataset, [row(1, "INFY")]);
      for (const size of [3, 3_000]) {
        const taken = [...rows(size, 10), row(555_555, "INFY")];
        const error = yield* storeFailure(sink.upsert(dataset, taken), "constraint");
        expect(error.message).toContain("faulty_symbol_key");
        expect(error.message).toContain("row (id=555555) of faulty");
        const merged = yield* storeFailure(
          sink.upsert(dataset, [...rows(size, 10), row(777_777, "X")]),
          "constraint",
        );
        expect(merged.message).toContain("777777");
        const nul = yield* storeFailure(
          sink.upsert(dataset, [...rows(size, 10), row(666_666, "X", { text: ["a\0b"] })]),
          "constraint",
        );
        expect(nul.message).toContain("id=666666");
      }
      expect(yield* count(database)).toBe(1);
    }));

  test("a table dropped behind the sink's back is a fault of schema", ({ sink, sql }) =>
    Effect.gen(function* () {
      yield* sql("drop table faulty");
      for (const write of [sink.upsert(dataset, rows(2)), sink.upsert(dataset, rows(2_000))]) {
        const error = yield* storeFailure(write, "schema");
        expect(error.message).toContain("faulty");
      }
    }));
});
