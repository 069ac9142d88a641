import { Dataset, instrumentMaster } from "@candlewick/core";
import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import { connectionTo, serverForTests, sinkOn } from "./testing/servers.ts";
import { awaiting } from "./connection/Connection.ts";

const base = Dataset.make({
  name: "listings",
  description: 'It\'s a "table"',
  columns: {
    id: Dataset.int64("the id"),
    interval: Dataset.text(),
    price: Dataset.nullable(Dataset.decimal()),
  },
  key: ["id", "interval"],
  indexes: [{ columns: ["price", "interval"] }],
});

const partner = Dataset.make({
  name: "partners",
  columns: { id: Dataset.int64(), symbol: Dataset.text() },
  key: ["id"],
});

const view = Dataset.view({
  name: "listings_with_symbol",
  description: "both",
  base,
  joined: partner,
  on: [["id", "id"]],
  adds: ["symbol"],
});

describe("ensure, on a real server", () => {
  const server = serverForTests();

  it("makes columns, key, indexes and descriptions as the dataset has them", () =>
    server.run(Effect.gen(function* () {
      const { sink, sql } = yield* server.database();
      yield* sink.ensure(base);
      expect(
        yield* sql(
          `select attname, format_type(atttypid, atttypmod), attnotnull, col_description(attrelid, attnum)
          from pg_attribute where attrelid = 'listings'::regclass and attnum > 0 order by attnum`,
        ),
      ).toEqual([
        ["id", "bigint", "t", "the id"],
        ["interval", "text", "t", null],
        ["price", "numeric", "f", null],
      ]);
      expect(
        yield* sql("select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'listings'::regclass"),
      )
        .toEqual([
          ['CREATE UNIQUE INDEX listings_pkey ON public.listings USING btree (id, "interval")'],
          ['CREATE INDEX listings_price_interval_idx ON public.listings USING btree (price, "interval")'],
        ]);
      expect(yield* sql("select obj_description('listings'::regclass)")).toEqual([['It\'s a "table"']]);
    })));

  it("of what is there defines nothing and waits for nobody", () =>
    server.run(Effect.gen(function* () {
      const { address, sink, sql } = yield* server.database();
      for (const dataset of [base, partner]) yield* sink.ensure(dataset);
      yield* sink.ensureView(view);
      const oids = sql(
        "select oid, xmin from pg_class where relname like 'listings%' or relname like 'partners%' order by 1",
      );
      const before = yield* oids;
      // A reader who stays, such as a query in psql that takes an hour.
      yield* sql("begin; select * from listings_with_symbol");
      const other = yield* sinkOn(address, { lockTimeout: 100 });
      for (const dataset of [base, partner]) yield* other.ensure(dataset);
      yield* other.ensureView(view);
      yield* sql("commit");
      expect(yield* oids).toEqual(before);
    })));

  it("adds what is missing to a table made by hand, and keeps what the dataset does not know", () =>
    server.run(Effect.gen(function* () {
      const { sink, sql } = yield* server.database();
      yield* sql(`create table listings (
          remark text default 'none' not null, interval text, id bigint, serial bigint generated always as identity,
          primary key (interval, id));
        insert into listings values ('kept', 'day', 1)`);
      yield* sink.ensure(base);
      expect(
        yield* sink.upsert(base, [
          { id: 1, interval: "day", price: "1.50" },
          { id: 2, interval: "day", price: null },
        ]),
      ).toMatchObject({ inserted: 1, updated: 1 });
      expect(yield* sql("select id, interval, price, remark from listings order by id")).toEqual([
        ["1", "day", "1.50", "kept"],
        ["2", "day", null, "none"],
      ]);
      // Text made by hand has the collation of the database.
      const collations =
        `select distinct collname from pg_attribute a join pg_collation c on c.oid = attcollation
        where attrelid = 'listings'::regclass and attname = 'interval'`;
      expect(yield* sql(collations)).toEqual([["C"]]);
    })));

  it("makes a column required while there are no rows, and else refuses with the way out", () =>
    server.run(Effect.gen(function* () {
      const { sink, sql } = yield* server.database();
      yield* sql(
        "create table partners (id bigint primary key, symbol text); insert into partners values (1, null)",
      );
      const error = yield* storeFailure(sink.ensure(partner), "schema");
      const wayOut = 'alter table "partners" alter "symbol" set not null';
      expect(error.message).toContain(wayOut);
      yield* sql("truncate partners");
      yield* sink.ensure(partner);
      expect(
        yield* sql(`select attnotnull from pg_attribute
          where attrelid = 'partners'::regclass and attname = 'symbol'`),
      ).toEqual([["t"]]);
      yield* sql("alter table partners alter symbol drop not null; insert into partners values (1, 'INFY')");
      const other = { ...partner, description: "ensured anew" };
      yield* storeFailure(sink.ensure(other), "schema");
      yield* sql(wayOut);
      yield* sink.ensure(other);
    })));

  it("refuses, all at once and by name, what would lose or reinterpret data", () =>
    server.run(Effect.gen(function* () {
      const { sink, sql } = yield* server.database();
      yield* sql(
        "create table listings (id integer, interval text, price double precision, must text not null)",
      );
      const error = yield* storeFailure(sink.ensure(base), "schema");
      for (const named of ['"id" is integer', '"price" is double precision', '"must"', "primary key is ()"]) {
        expect(error.message).toContain(named);
      }
      yield* sql("drop table listings; create view listings as select 1 as id");
      expect((yield* storeFailure(sink.ensure(base), "schema")).message).toContain("no table");
      yield* sql("create table listings_with_symbol (id bigint); drop view listings");
      yield* sink.ensure(base);
      yield* sink.ensure(partner);
      expect((yield* storeFailure(sink.ensureView(view), "schema")).message).toContain("no view");
    })));

  it("says what to do about rows that a unique index does not allow", () =>
    server.run(Effect.gen(function* () {
      const { sink } = yield* server.database();
      yield* sink.ensure(partner);
      yield* sink.upsert(partner, [{ id: 1, symbol: "INFY" }, { id: 2, symbol: "INFY" }]);
      const unique = { ...partner, indexes: [{ columns: ["symbol"], unique: true }] };
      const error = yield* storeFailure(sink.ensure(unique), "constraint");
      expect(error.message).toContain("(symbol)=(INFY)");
    })));

  it("is refused inside a transaction, where a rollback would undo it unseen", () =>
    server.run(Effect.gen(function* () {
      const { sink } = yield* server.database();
      yield* storeFailure(sink.transaction(sink.ensure(base)), "schema");
    })));

  it("by several runs at once makes everything once", () =>
    server.run(Effect.gen(function* () {
      const { address, sql } = yield* server.database();
      const run = Effect.scoped(Effect.gen(function* () {
        const sink = yield* sinkOn(address);
        yield* Effect.all(
          [base, partner, instrumentMaster({ id: "kite", tokenType: "int64" })].map(sink.ensure),
          {
            concurrency: "unbounded",
          },
        );
        yield* sink.ensureView(view);
      }));
      yield* Effect.all(Array.from({ length: 4 }, () => run), { concurrency: "unbounded" });
      expect(
        yield* sql(
          "select count(*) from pg_class where relname in ('listings', 'partners', 'listings_with_symbol')",
        ),
      )
        .toEqual([["3"]]);
    })));

  it("works in a schema of the connection string's own", () =>
    server.run(Effect.gen(function* () {
      const { address, sql } = yield* server.database();
      yield* sql("create schema market");
      const sink = yield* sinkOn({ ...address, session: { search_path: "market" } });
      yield* sink.ensure(base);
      yield* sink.upsert(base, [{ id: 1, interval: "day", price: "1" }]);
      expect(yield* sql("select count(*) from market.listings")).toEqual([["1"]]);
      const connection = yield* connectionTo(address);
      const plain = awaiting(connection, () => connection.query("select * from listings"));
      expect((yield* Effect.flip(plain)).code).toBe("42P01");
    })));
});
