import { Dataset, Where } from "@candlewick/core";
import { storeFailure } from "@candlewick/sql-store/testing";
import { describe, expect, it } from "@effect/vitest";
import { Effect, Fiber, Stream } from "effect";
import { freshFile } from "./testing/sinks.ts";

const ticks = Dataset.make({
  name: "ticks",
  description: "What was traded, and for how much",
  columns: {
    series: Dataset.text("which instrument"),
    n: Dataset.int64(),
    price: Dataset.decimal(),
    note: Dataset.nullable(Dataset.json()),
  },
  key: ["series", "n"],
});

const tick = (series: string, n: number, price = "1.5", note: unknown = null) => ({ series, n, price, note });
const some = (series: string, count: number, price = "1.5") =>
  Array.from({ length: count }, (_, n) => tick(series, n, price));

/** More than are gathered before the first is written. */
const MANY = 30_000;

const batches = <A>(rows: ReadonlyArray<A>, size = 1_000) =>
  Stream.fromIterable(rows).pipe(Stream.rechunk(size), Stream.chunks);

const countOf = "select count(*) as rows, count(distinct (series, n)) as keys from ticks";

describe("rows on their way into the table", () => {
  it.live(
    "straight to its end, by way of a stage, or as constants, are the same rows",
    () =>
      Effect.gen(function* () {
        const { sink, sql } = yield* freshFile;
        yield* sink.ensure(ticks);
        const none = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };
        expect(yield* sink.upsert(ticks, batches(some("a", MANY)))).toEqual({ ...none, inserted: MANY });
        expect(yield* sink.upsert(ticks, batches(some("a", MANY).toReversed()))).toEqual({
          ...none,
          unchanged: MANY,
        });
        const mixed = [...some("a", MANY - 1), tick("a", MANY - 1, "2"), tick("b", 1), tick("", -1)];
        expect(yield* sink.upsert(ticks, batches(mixed))).toEqual({
          ...none,
          inserted: 2,
          updated: 1,
          unchanged: MANY - 1,
        });
        // No stored row lies in their span.
        expect(yield* sink.upsert(ticks, some("c", 500))).toEqual({ ...none, inserted: 500 });
        expect(yield* sink.upsert(ticks, batches(some("d", MANY)))).toEqual({ ...none, inserted: MANY });
        expect(yield* sink.upsert(ticks, [tick("c", 3), tick("c", 4, "9"), tick("c", 500)])).toEqual({
          ...none,
          inserted: 1,
          updated: 1,
          unchanged: 1,
        });
        const all = 2 * MANY + 503;
        expect(yield* sql(countOf)).toEqual([{ rows: all, keys: all }]);
        const slice = [Where.on(ticks).eq("series", "a")];
        expect(yield* sink.replace(ticks, slice, batches(some("a", MANY - 10, "7")))).toEqual({
          ...none,
          updated: MANY - 10,
          deleted: 10,
        });
        expect(yield* sql("select distinct price from ticks where series = 'a'")).toEqual([{ price: 7 }]);
      }),
    30_000,
  );

  it.live("that were given up leave nothing behind, now or later", () =>
    Effect.gen(function* () {
      const { sink, sql } = yield* freshFile;
      yield* sink.ensure(ticks);
      for (const before of [[], [tick("z", 0)]]) {
        yield* sink.replace(ticks, Where.all, before);
        const torn = Stream.concat(batches(some("a", MANY)), Stream.fail("torn"));
        expect(yield* Effect.flip(sink.upsert(ticks, torn))).toBe("torn");
        const refused = batches([...some("a", MANY), tick("b", 777, "abc")]);
        expect((yield* storeFailure(sink.upsert(ticks, refused), "constraint")).message).toContain("777");
        const endless = Stream.concat(batches(some("a", MANY)), Stream.never);
        const writer = yield* Effect.forkChild(sink.upsert(ticks, endless));
        yield* Effect.yieldNow;
        yield* Fiber.interrupt(writer);
        yield* sink.upsert(ticks, [tick("y", 1)]);
        expect(yield* sql(countOf)).toEqual([{ rows: before.length + 1, keys: before.length + 1 }]);
      }
    }), 30_000);

  it.live(
    "with a key twice are refused by that key, wherever they were going",
    () =>
      Effect.gen(function* () {
        const { sink, sql } = yield* freshFile;
        yield* sink.ensure(ticks);
        const twice = [...some("a", MANY), tick("a", 777)];
        for (const stored of [[], [tick("a", 5)]]) {
          yield* sink.replace(ticks, Where.all, stored);
          for (const rows of [twice, batches(twice)]) {
            const { message } = yield* storeFailure(sink.upsert(ticks, rows), "constraint");
            expect(message).toContain("series=a, n=777");
          }
          expect(yield* sql(countOf)).toEqual([{ rows: stored.length, keys: stored.length }]);
        }
      }),
    30_000,
  );

  it.live("go beside columns that a user has added", () =>
    Effect.gen(function* () {
      const { sink, sql } = yield* freshFile;
      yield* sink.ensure(ticks);
      yield* sql("alter table ticks add column mine varchar default 'x'");
      yield* sink.upsert(ticks, some("a", 1_000));
      yield* sink.upsert(ticks, [tick("b", 1)]);
      expect(yield* sql("select mine, count(*) as rows from ticks group by mine")).toEqual([
        { mine: "x", rows: 1_001 },
      ]);
    }));

  it.live("are compared by what their JSON says, in whatever order it says it", () =>
    Effect.gen(function* () {
      const { sink } = yield* freshFile;
      yield* sink.ensure(ticks);
      yield* sink.upsert(ticks, [tick("a", 1, "1", { left: 1, right: { x: 1, y: [2, { b: 1, a: 2 }] } })]);
      const same = tick("a", 1, "1", { right: { y: [2, { a: 2, b: 1 }], x: 1 }, left: 1 });
      expect(yield* sink.upsert(ticks, [same])).toMatchObject({ unchanged: 1 });
      const other = tick("a", 1, "1", { right: { y: [{ a: 2, b: 1 }, 2], x: 1 }, left: 1 });
      expect(yield* sink.upsert(ticks, [other])).toMatchObject({ updated: 1 });
    }));
});

describe("a selection inside a transaction", () => {
  it.live(
    "is one state in its order, however many rows it has and whatever is written meanwhile",
    () =>
      Effect.gen(function* () {
        const { sink, sql } = yield* freshFile;
        yield* sink.ensure(ticks);
        yield* sink.upsert(ticks, batches(some("a", 70_000)));
        let next = 69_999;
        yield* sink.transaction(
          sink.select(ticks, { orderBy: [["n", "desc"]] }).pipe(Stream.runForEach((rows) => {
            for (const row of rows) expect(row).toEqual(tick("a", next--));
            return sink.upsert(ticks, rows.map(({ n }) => tick("b", n, "2")));
          })),
        );
        expect(next).toBe(-1);
        expect(yield* sql(countOf)).toEqual([{ rows: 140_000, keys: 140_000 }]);
      }),
    30_000,
  );
});

describe("definitions", () => {
  it.live("are remembered with what DuckDB's catalog cannot hold, and described in it", () =>
    Effect.gen(function* () {
      const { sink, sql } = yield* freshFile;
      yield* sink.ensure(ticks);
      const [row] = yield* sql("select name, definition::varchar as definition from candlewick_datasets");
      expect(row!["name"]).toBe("ticks");
      expect(JSON.parse(String(row!["definition"]))).toMatchObject({
        description: ticks.description,
        key: ["series", "n"],
        columns: { price: { type: "decimal", nullable: false, bookkeeping: false, description: "" } },
      });
      expect(yield* sql("select comment from duckdb_tables() where table_name = 'ticks'")).toEqual([
        { comment: ticks.description },
      ]);
      expect(
        yield* sql("select comment from duckdb_columns() where table_name = 'ticks' and comment is not null"),
      ).toEqual([{ comment: "which instrument" }]);
    }));

  it.live("keep a unique index through a change that DuckDB allows no table with an index", () =>
    Effect.gen(function* () {
      const { sink } = yield* freshFile;
      const columns = { id: Dataset.int64(), code: Dataset.text(), size: Dataset.int32() };
      const shape = { name: "codes", key: ["id"], indexes: [{ columns: ["code"], unique: true }] } as const;
      const before = Dataset.make({ ...shape, columns });
      const after = Dataset.make({
        ...shape,
        columns: { ...columns, size: Dataset.nullable(columns.size), more: Dataset.nullable(Dataset.date()) },
      });
      yield* sink.ensure(before);
      yield* sink.upsert(before, [{ id: 1, code: "x", size: 1 }]);
      yield* sink.ensure(after);
      yield* sink.upsert(after, [{ id: 2, code: "y", size: null, more: "2024-02-29" }]);
      const again = [{ id: 3, code: "x", size: null, more: null }];
      const { message } = yield* storeFailure(sink.upsert(after, again), "constraint");
      expect(message).toContain("row (id=3)");
      expect(message).toContain("code: x");
    }));

  it.live("are never put over a table or under a name of someone else", () =>
    Effect.gen(function* () {
      const { sink, sql } = yield* freshFile;
      yield* sql("create table ticks (series varchar, n bigint)");
      const { message } = yield* storeFailure(sink.ensure(ticks), "schema");
      expect(message).toContain("not made by this sink");
      yield* storeFailure(sink.upsert(ticks, [tick("a", 1)]), "schema");
      for (const name of ["candlewick_datasets", "Ticks", "candlewick_stage_1"]) {
        const { message } = yield* storeFailure(sink.ensure({ ...ticks, name }), "schema");
        expect(message).toContain(name);
      }
    }));
});

describe("decimals that no double stands for", () => {
  it.live("are refused in whatever way they come, naming row and column", () =>
    Effect.gen(function* () {
      const { sink, sql } = yield* freshFile;
      yield* sink.ensure(ticks);
      const long = tick("a", 777, "1234567.12345678901");
      for (const rows of [[long], [...some("b", 500), long], batches([...some("b", MANY), long])]) {
        const { message } = yield* storeFailure(sink.upsert(ticks, rows), "constraint");
        expect(message).toContain("series=a, n=777");
        expect(message).toContain(`"price" has more digits than a double holds`);
      }
      expect(yield* sql(countOf)).toEqual([{ rows: 0, keys: 0 }]);
    }));
});
