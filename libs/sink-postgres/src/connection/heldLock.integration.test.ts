import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber, type Scope } from "effect";
import { TemporaryPostgres } from "../embedded/testing.ts";
import { leakyProxy } from "../testing/leakyProxy.ts";
import { serverForTests, sinkOn, type TestDatabase } from "../testing/servers.ts";

const NAME = "dag historic kite";
const HOLDERS = `application_name = 'candlewick: ${NAME}' and datname = current_database()`;

/** Cuts the connections that hold the lock; the server has let go of it when this returns. */
const cut = ({ sql }: TestDatabase) =>
  sql(`select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where ${HOLDERS}`);

/** Waits until the server says so; a real server needs real time. */
const until = (database: TestDatabase, condition: string): Effect.Effect<void> =>
  Effect.flatMap(
    database.sql(`select ${condition}`),
    (found) =>
      found[0]![0] === "t" ? Effect.void : Effect.andThen(Effect.sleep(5), until(database, condition)),
  );

const HELD =
  "exists (select from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid())";

const isFree = (database: TestDatabase) =>
  Effect.scoped(Effect.map(database.sink.tryLock(NAME), (lock) => lock !== undefined));

describe("a lock that is held, on a real server", () => {
  const server = serverForTests();

  const test = (
    title: string,
    body: (database: TestDatabase) => Effect.Effect<void, unknown, TemporaryPostgres | Scope.Scope>,
    options: Parameters<typeof server.database>[0] = {},
  ) => it(title, () => server.run(Effect.flatMap(server.database(options), body)));

  test("is one for all sinks on the database", (database) =>
    Effect.gen(function* () {
      const other = yield* sinkOn(database.address);
      yield* Effect.scoped(Effect.gen(function* () {
        expect(yield* other.tryLock(NAME)).toBeDefined();
        expect(yield* isFree(database)).toBe(false);
      }));
      expect(yield* isFree(database)).toBe(true);
    }));

  test("is taken again when its connection is cut, and not lost", (database) =>
    Effect.gen(function* () {
      const lock = yield* database.sink.tryLock(NAME);
      const lost = yield* Effect.forkChild(lock!.lost);
      for (const _ of [1, 2]) {
        yield* cut(database);
        yield* until(database, HELD);
      }
      expect(yield* isFree(database)).toBe(false);
      expect(lost.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(lost);
    }));

  test("is lost when another has it before it could be taken again", (database) =>
    Effect.gen(function* () {
      const lock = yield* database.sink.tryLock(NAME);
      const other = yield* server.connectedTo(database.address);
      const taken = yield* Effect.forkChild(
        other(`select pg_advisory_lock(hashtextextended('${NAME}', 1))`),
      );
      yield* until(database, "exists (select from pg_stat_activity where wait_event = 'advisory')");
      yield* cut(database);
      yield* Fiber.join(taken);
      const error = yield* storeFailure(lock!.lost, "conflict");
      expect(error.message).toContain(`lock "${NAME}": its connection was cut, and another run has taken it`);
    }));

  test("is taken from its own old session that the server still believes in", (database) =>
    Effect.gen(function* () {
      const proxy = yield* leakyProxy(database.address);
      const sink = yield* sinkOn({ ...database.address, port: proxy.port });
      const lock = yield* sink.tryLock(NAME);
      const lost = yield* Effect.forkChild(lock!.lost);
      const before = (yield* database.sql(`select pid from pg_stat_activity where ${HOLDERS}`))[0]![0];
      yield* proxy.dropClients;
      yield* until(
        database,
        `exists (select from pg_locks where locktype = 'advisory' and granted and pid <> ${before})`,
      );
      expect(lost.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(lost);
    }));

  test("outlives a restart of the server", (database) =>
    Effect.gen(function* () {
      const postgres = yield* TemporaryPostgres;
      const lock = yield* database.sink.tryLock(NAME);
      const lost = yield* Effect.forkChild(lock!.lost);
      for (const mode of ["fast", "immediate"] as const) {
        yield* postgres.stop(mode);
        yield* postgres.start;
        const again = { ...database, sql: yield* server.connectedTo(database.address) };
        yield* until(again, HELD);
        expect(yield* isFree(again)).toBe(false);
      }
      expect(lost.pollUnsafe()).toBeUndefined();
      yield* Fiber.interrupt(lost);
    }));

  test("is lost when the server stays away", (database) =>
    Effect.gen(function* () {
      const postgres = yield* TemporaryPostgres;
      const lock = yield* database.sink.tryLock(NAME);
      yield* postgres.stop("fast");
      const error = yield* storeFailure(lock!.lost, "connection");
      expect(error.message).toContain("could not be taken again for");
      yield* postgres.start;
    }), { lockPatience: 100 });
});
