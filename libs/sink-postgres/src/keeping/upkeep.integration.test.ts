import { candleHistory, Dataset, type Keeper, type PluginError } from "@candlewick/core";
import { canMakeDisks, smallDisk, storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Exit, Fiber, type Scope } from "effect";
import { join } from "node:path";
import type { Address } from "../connection/address.ts";
import type { TemporaryPostgres } from "../embedded/testing.ts";
import { keeperOn, temporaryFolder } from "../testing/keepers.ts";
import { serverForTests, sinkOn, type TestDatabase } from "../testing/servers.ts";

const prices = Dataset.make({
  name: "prices",
  description: "What was paid",
  columns: {
    symbol: Dataset.text(),
    n: Dataset.int64(),
    price: Dataset.decimal("in rupees"),
  },
  key: ["symbol", "n"],
  indexes: [{ columns: ["price"] }],
});

const labels = Dataset.make({
  name: "labels",
  columns: { symbol: Dataset.text(), label: Dataset.text() },
  key: ["symbol"],
});

const view = Dataset.view({
  name: "labelled",
  base: prices,
  joined: labels,
  on: [["symbol", "symbol"]],
  adds: ["label"],
});

const rows = (count: number, price = "1.50") =>
  Array.from({ length: count }, (_, n) => ({ symbol: "NSE:M&M\t", n, price }));

interface Scene extends TestDatabase {
  readonly directory: string;
  readonly keeper: Keeper.Keeper;
}

describe("upkeep, on a real server", () => {
  const server = serverForTests();

  const test = (
    title: string,
    body: (scene: Scene) => Effect.Effect<void, unknown, TemporaryPostgres | Scope.Scope>,
  ) =>
    it(title, () =>
      server.run(Effect.gen(function* () {
        const database = yield* server.database();
        const directory = yield* temporaryFolder;
        const keeper = yield* keeperOn(database.address, directory);
        yield* database.sink.ensure(prices);
        yield* database.sink.upsert(prices, rows(100));
        yield* body({ ...database, directory, keeper });
      })));

  const count = ({ sql }: TestDatabase, table = "prices") =>
    Effect.map(sql(`select count(*) from ${table}`), (found) => Number(found[0]![0]));

  describe("and runs", () => {
    const rewriting: Readonly<
      Record<string, (scene: Scene, made: Keeper.Backup) => Effect.Effect<unknown, PluginError.PluginError>>
    > = {
      restore: ({ keeper }, made) => keeper.restore(made),
      truncate: ({ keeper }) => keeper.truncate(["prices"]),
    };

    for (const [what, rewrite] of Object.entries(rewriting)) {
      test(`${what} leaves a store alone at which a run is at work, and says which`, (scene) =>
        Effect.gen(function* () {
          const made = yield* scene.keeper.backup;
          yield* Effect.scoped(Effect.gen(function* () {
            expect(yield* scene.sink.tryLock("dag historic kite")).toBeDefined();
            const error = yield* storeFailure(rewrite(scene, made), "conflict");
            expect(error.message).toContain("candlewick: dag historic kite is at work on the store");
            expect(yield* count(scene)).toBe(100);
          }));
          yield* rewrite(scene, made);
        }));

      test(`no run gets its turn during ${what}, and has it afterwards`, (scene) =>
        Effect.gen(function* () {
          const made = yield* scene.keeper.backup;
          // Who holds the table holds up what would empty it, in the middle of its work.
          yield* scene.sql("begin; select from prices");
          const work = yield* Effect.forkScoped(rewrite(scene, made));
          const other = yield* server.connectedTo(scene.address);
          const isWaiting = Effect.map(
            other(
              `select count(*) from pg_stat_activity where application_name = 'candlewick: ${what}'
                and wait_event_type = 'Lock' and datname = current_database()`,
            ),
            (found) => found[0]![0] !== "0",
          );
          while (!(yield* isWaiting)) yield* Effect.sleep(5);
          expect(yield* Effect.scoped(scene.sink.tryLock("dag historic kite"))).toBeUndefined();
          yield* storeFailure(scene.keeper.backup, "conflict");
          yield* scene.sql("commit");
          yield* Fiber.join(work);
          expect(yield* Effect.scoped(scene.sink.tryLock("dag historic kite"))).toBeDefined();
        }));
    }

    test("status and backups are to be had while a run is at work, of what it has committed", (scene) =>
      Effect.gen(function* () {
        yield* scene.sink.tryLock("dag historic kite");
        yield* scene.sink.transaction(Effect.gen(function* () {
          yield* scene.sink.upsert(prices, rows(300));
          expect((yield* scene.keeper.status).tables.map((table) => table.rows)).toEqual([100]);
          expect((yield* scene.keeper.backup).tables).toEqual({ prices: 100 });
        }));
        expect((yield* scene.keeper.backup).tables).toEqual({ prices: 300 });
      }));

    test("a run that ensured a table before a restore removed it makes it again in its turn", (scene) =>
      Effect.gen(function* () {
        const made = yield* scene.keeper.backup;
        yield* scene.sink.ensure(labels);
        yield* scene.keeper.restore(made);
        yield* Effect.scoped(Effect.gen(function* () {
          yield* scene.sink.tryLock("dag instruments kite");
          yield* scene.sink.ensure(labels);
          yield* scene.sink.upsert(labels, [{ symbol: "a", label: "A" }]);
        }));
      }));
  });

  describe("a restore", () => {
    test("that comes out unlike the backup is undone, and says where", (scene) =>
      Effect.gen(function* () {
        const made = yield* scene.keeper.backup;
        yield* scene.sink.upsert(prices, rows(50, "2"));
        yield* scene.sql(`
          create function bend() returns trigger language plpgsql as $$
            begin if new.n = 41 then new.price := 7; end if; return new; end $$;
          create trigger bend before insert on prices for each row execute function bend()`);
        const error = yield* storeFailure(scene.keeper.restore(made), "schema");
        expect(error.message).toContain("row 42 of prices (symbol=NSE:M&M\\t, n=41)");
        expect(yield* scene.sql("select count(*), sum(price) from prices")).toEqual([["100", "175.00"]]);
      }));

    for (
      const [what, more] of [["fewer", "return null"], [
        "more",
        `
      insert into prices values (new.symbol || 'x', new.n, 1); return new`,
      ]] as const
    ) {
      test(`that ends with ${what} rows is undone`, (scene) =>
        Effect.gen(function* () {
          const made = yield* scene.keeper.backup;
          yield* scene.sql(`
            create function bend() returns trigger language plpgsql as $$
              begin if new.n = 99 and pg_trigger_depth() = 1 then ${more}; end if; return new; end $$;
            create trigger bend before insert on prices for each row execute function bend()`);
          const error = yield* storeFailure(scene.keeper.restore(made), "schema");
          expect(error.message).toMatch(/of prices|prices has more rows than the 100/);
          expect(yield* count(scene)).toBe(100);
        }));
    }

    test("into an empty database makes tables, keys, indexes and descriptions as they were", (scene) =>
      Effect.gen(function* () {
        yield* scene.sink.ensure(candleHistory({ id: "kite" }));
        yield* scene.sql("alter table prices add column mine text; update prices set mine = 'x' where n = 3");
        const made = yield* scene.keeper.backup;
        const other = yield* server.database();
        const keeper = yield* keeperOn(other.address, scene.directory);
        yield* keeper.restore(made);
        const shape = ({ sql }: TestDatabase) =>
          Effect.all([
            sql(`select relname, attname, format_type(atttypid, atttypmod), attnotnull,
                (select collname from pg_collation where oid = attcollation),
                obj_description(c.oid), col_description(c.oid, attnum)
              from pg_class c join pg_attribute on attrelid = c.oid and attnum > 0
              where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname, attname`),
            sql("select indexdef from pg_indexes where schemaname = 'public' order by 1"),
            sql("select * from prices order by symbol, n"),
            sql("select name, definition from candlewick_datasets order by name"),
          ]);
        expect(yield* shape(other)).toEqual(yield* shape(scene));
        expect((yield* keeper.status).tables.map(({ name, rows }) => [name, rows])).toEqual([
          ["kite_ohlcv_historic", 0],
          ["prices", 100],
        ]);
      }));

    test("is not held up by views, neither the sink's nor the user's over tables that stay", (scene) =>
      Effect.gen(function* () {
        const before = yield* scene.keeper.backup;
        yield* scene.sink.ensure(labels);
        yield* scene.sink.ensureView(view);
        yield* scene.sql("create view mine as select count(*) from prices");
        const after = yield* scene.keeper.backup;
        yield* scene.keeper.restore(after);
        expect(yield* scene.sql("select * from mine")).toEqual([["100"]]);
        expect(yield* count(scene, "labelled")).toBe(100);
        yield* scene.keeper.restore(before);
        expect(yield* scene.sql("select to_regclass('labels'), to_regclass('labelled')")).toEqual([[
          null,
          null,
        ]]);
        expect(yield* scene.sql("select * from mine")).toEqual([["100"]]);
      }));

    test("that would take a table from a view of the user's is refused, and names it", (scene) =>
      Effect.gen(function* () {
        const before = yield* scene.keeper.backup;
        yield* scene.sink.ensure(labels);
        yield* scene.sql("create view mine as select * from labels");
        const error = yield* storeFailure(scene.keeper.restore(before), "schema");
        expect(error.message).toContain("view mine depends on table labels");
        expect(yield* count(scene, "labels")).toBe(0);
      }));

    test("does not take a table of the user's for its own", (scene) =>
      Effect.gen(function* () {
        const made = yield* scene.keeper.backup;
        const other = yield* server.database();
        yield* other.sql("create table prices (mine text); insert into prices values ('x')");
        const keeper = yield* keeperOn(other.address, scene.directory);
        const error = yield* storeFailure(keeper.restore(made), "schema");
        expect(error.message).toContain("prices is there");
        expect(yield* other.sql("select * from prices")).toEqual([["x"]]);
      }));

    test("that is interrupted changes nothing, and holds nobody up", (scene) =>
      Effect.gen(function* () {
        yield* scene.sink.upsert(prices, rows(20_000));
        const made = yield* scene.keeper.backup;
        yield* scene.sink.replace(prices, [], rows(7));
        for (const moment of [1, 10, 30]) {
          const work = yield* Effect.forkScoped(scene.keeper.restore(made));
          yield* Effect.sleep(moment);
          yield* Fiber.interrupt(work);
          const ended = Exit.isSuccess(yield* Effect.exit(Fiber.join(work)));
          expect(yield* count(scene)).toBe(ended ? 20_000 : 7);
          if (ended) yield* scene.sink.replace(prices, [], rows(7));
        }
        yield* scene.keeper.restore(made);
        expect(yield* count(scene)).toBe(20_000);
      }));
  });

  describe("a backup", () => {
    test("is the owner's alone, and what a killed one left is removed by the next", (scene) =>
      Effect.gen(function* () {
        const folder = join(scene.directory, "backups", "postgres", scene.address.database);
        const left = join(folder, ".partial-20200101T000000Z");
        Deno.mkdirSync(left, { recursive: true });
        Deno.writeTextFileSync(join(left, "001-prices.copy.zst"), "half");
        expect(yield* scene.keeper.backups).toEqual([]);
        const { name, path } = yield* scene.keeper.backup;
        expect(path).toBe(join(folder, name));
        expect([...Deno.readDirSync(folder)].map((entry) => entry.name).sort()).toEqual([".lock", name]);
        expect(Deno.statSync(path).mode! & 0o777).toBe(0o700);
        const files = [...Deno.readDirSync(path)].map((entry) => entry.name).sort();
        expect(files).toEqual(["001-prices.copy.zst", "manifest.json"]);
        for (const file of files) expect(Deno.statSync(join(path, file)).mode! & 0o777).toBe(0o600);
      }));

    test("of a database is none of another's", (scene) =>
      Effect.gen(function* () {
        yield* scene.keeper.backup;
        const other = yield* server.database();
        expect(yield* (yield* keeperOn(other.address, scene.directory)).backups).toEqual([]);
      }));

    describe.skipIf(!canMakeDisks)("(needs the right to mount)", () => {
      test("for which the disk is too small says so, and leaves nothing", (scene) =>
        Effect.gen(function* () {
          const directory = yield* smallDisk(1);
          yield* scene.sql(
            `insert into prices select 'random', n, random()::numeric from generate_series(1, 200000) n`,
          );
          const keeper = yield* keeperOn(scene.address, directory);
          const error = yield* storeFailure(keeper.backup, "capacity");
          expect(error.message).toContain("the disk is full");
          expect(yield* keeper.backups).toEqual([]);
          const folder = join(directory, "backups", "postgres", scene.address.database);
          expect([...Deno.readDirSync(folder)].map((entry) => entry.name)).toEqual([".lock"]);
          yield* scene.keeper.truncate(["prices"]);
          yield* keeper.backup;
        }));
    });
  });

  it("tables of an older version are known from their next ensure on", () =>
    server.run(Effect.gen(function* () {
      const { address, sink, sql } = yield* server.database();
      const keeper = yield* keeperOn(address, yield* temporaryFolder);
      yield* sink.ensure(prices);
      yield* sql("drop table candlewick_datasets");
      expect((yield* keeper.status).tables).toEqual([]);
      yield* (yield* sinkOn(address)).ensure(prices);
      expect((yield* keeper.status).tables.map(({ name }) => name)).toEqual(["prices"]);
    })));

  it("who may only read ensures what is there, as ever", () =>
    server.run(Effect.gen(function* () {
      const { address, sink, sql } = yield* server.database();
      yield* sink.ensure(prices);
      yield* sql(
        "drop table candlewick_datasets; create role reader login; grant select on prices to reader",
      );
      const reader: Address = { ...address, session: { role: "reader" } };
      yield* (yield* sinkOn(reader)).ensure(prices);
      expect(yield* sql("select to_regclass('candlewick_datasets')")).toEqual([[null]]);
    })));
});
