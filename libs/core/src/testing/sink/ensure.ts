import { expect } from "@effect/vitest";
import { Effect } from "effect";
import * as Dataset from "../../Dataset.ts";
import { freshName, price, pricesIn, refusal, selected, stored, type Topic } from "./subject.ts";

const key = { id: Dataset.int64() };

/** A dataset `name` with the columns of `columns` beside its key `id`. */
const shaped = <const C extends Dataset.Columns>(
  name: string,
  columns: C,
  indexes: ReadonlyArray<Dataset.Index> = [],
) => Dataset.make({ name, columns: { ...key, ...columns }, key: ["id"], indexes });

/** Changes that would lose or reinterpret data, each with the column that the refusal must name. */
const losing: ReadonlyArray<
  { readonly change: string; readonly column: string; readonly to: (name: string) => Dataset.Dataset }
> = [
  {
    change: "a column of another type",
    column: "value",
    to: (name) => shaped(name, { value: Dataset.text(), remark: Dataset.nullable(Dataset.text()) }),
  },
  {
    change: "a column that holds nulls and becomes required",
    column: "remark",
    to: (name) => shaped(name, { value: Dataset.int32(), remark: Dataset.text() }),
  },
  {
    change: "a new required column over rows that have no value for it",
    column: "added",
    to: (name) =>
      shaped(name, {
        value: Dataset.int32(),
        remark: Dataset.nullable(Dataset.text()),
        added: Dataset.text(),
      }),
  },
  {
    change: "a required column that is gone",
    column: "value",
    to: (name) => shaped(name, { remark: Dataset.nullable(Dataset.text()) }),
  },
  {
    change: "another key",
    column: "value",
    to: (name) =>
      Dataset.make({
        name,
        columns: { ...key, value: Dataset.int32(), remark: Dataset.nullable(Dataset.text()) },
        key: ["id", "value"],
      }),
  },
];

export const ensureTopic: Topic = (test) => {
  test("K1: ensure makes a dataset that is there and empty", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      expect(yield* stored(sink, dataset)).toEqual([]);
    }));

  test("K2: ensure again changes nothing and keeps the rows", (sink) =>
    Effect.gen(function* () {
      const rows = [price("a", 1), price("a", 2)];
      const dataset = yield* pricesIn(sink, rows);
      yield* sink.ensure(dataset);
      yield* sink.ensure(dataset);
      expect(yield* stored(sink, dataset)).toEqual(rows);
    }));

  test("K3: ensure adds nullable columns, null in the rows already there", (sink) =>
    Effect.gen(function* () {
      const name = freshName("grows");
      const before = shaped(name, { value: Dataset.int32() });
      const after = shaped(name, {
        value: Dataset.int32(),
        remark: Dataset.nullable(Dataset.text()),
        amount: Dataset.nullable(Dataset.decimal()),
      });
      yield* sink.ensure(before);
      yield* sink.upsert(before, [{ id: 1, value: 10 }]);
      yield* sink.ensure(after);
      yield* sink.upsert(after, [{ id: 2, value: 20, remark: "new", amount: "0.50" }]);
      expect(yield* stored(sink, after)).toEqual([
        { id: 1, value: 10, remark: null, amount: null },
        { id: 2, value: 20, remark: "new", amount: "0.5" },
      ]);
    }));

  test("K4: ensure adds indexes to a dataset that holds rows, and a unique one is kept from then on", (sink) =>
    Effect.gen(function* () {
      const name = freshName("indexed");
      const columns = { left: Dataset.text(), right: Dataset.nullable(Dataset.text()) };
      const before = shaped(name, columns);
      yield* sink.ensure(before);
      yield* sink.upsert(before, [{ id: 1, left: "a", right: null }, { id: 2, left: "b", right: null }]);
      const after = shaped(name, columns, [{ columns: ["right"] }, { columns: ["left"], unique: true }]);
      yield* sink.ensure(after);
      const error = yield* refusal(
        sink,
        sink.upsert(after, [{ id: 3, left: "c", right: null }, { id: 4, left: "b", right: null }]),
        "constraint",
      );
      expect(error.message).toContain("left");
      expect((yield* stored(sink, after)).map((row) => row.id)).toEqual([1, 2]);
    }));

  test("K5: ensure lets a required column become nullable", (sink) =>
    Effect.gen(function* () {
      const name = freshName("relaxed");
      const before = shaped(name, { value: Dataset.int32() });
      const after = shaped(name, { value: Dataset.nullable(Dataset.int32()) });
      yield* sink.ensure(before);
      yield* sink.upsert(before, [{ id: 1, value: 10 }]);
      yield* sink.ensure(after);
      yield* sink.upsert(after, [{ id: 2, value: null }]);
      expect(yield* stored(sink, after)).toEqual([{ id: 1, value: 10 }, { id: 2, value: null }]);
    }));

  for (const { change, column, to } of losing) {
    test(`K6: ensure refuses by name what would lose or reinterpret data: ${change}`, (sink) =>
      Effect.gen(function* () {
        const name = freshName("kept");
        const before = shaped(name, { value: Dataset.int32(), remark: Dataset.nullable(Dataset.text()) });
        yield* sink.ensure(before);
        yield* sink.upsert(before, [{ id: 1, value: 10, remark: null }]);
        const error = yield* refusal(sink, sink.ensure(to(name)), "schema");
        expect(error.message).toContain(name);
        expect(error.message).toContain(column);
        yield* sink.upsert(before, [{ id: 2, value: 20, remark: "still works" }]);
        expect(yield* stored(sink, before)).toEqual([
          { id: 1, value: 10, remark: null },
          { id: 2, value: 20, remark: "still works" },
        ]);
      }));
  }

  test("K7: a column that a dataset no longer describes keeps its values", (sink) =>
    Effect.gen(function* () {
      const name = freshName("narrowed");
      const wide = shaped(name, { value: Dataset.int32(), remark: Dataset.nullable(Dataset.text()) });
      const narrow = shaped(name, { value: Dataset.int32() });
      yield* sink.ensure(wide);
      yield* sink.upsert(wide, [{ id: 1, value: 10, remark: "kept" }]);
      yield* sink.ensure(narrow);
      const counts = yield* sink.upsert(narrow, [{ id: 1, value: 11 }, { id: 2, value: 20 }]);
      expect(counts).toMatchObject({ inserted: 1, updated: 1 });
      yield* sink.ensure(wide);
      expect(yield* stored(sink, wide)).toEqual([
        { id: 1, value: 11, remark: "kept" },
        { id: 2, value: 20, remark: null },
      ]);
    }));

  test("K8: several may ensure the same new dataset at once", (sink) =>
    Effect.gen(function* () {
      const dataset = shaped(freshName("raced"), { value: Dataset.int32() }, [{ columns: ["value"] }]);
      yield* Effect.all(Array.from({ length: 4 }, () => sink.ensure(dataset)), { concurrency: "unbounded" });
      expect(yield* stored(sink, dataset)).toEqual([]);
    }));

  test("K9: a dataset that was never ensured is refused by name", (sink) =>
    Effect.gen(function* () {
      const dataset = shaped(freshName("unknown"), { value: Dataset.int32() });
      for (
        const operation of [
          sink.upsert(dataset, [{ id: 1, value: 1 }]),
          sink.replace(dataset, [], [{ id: 1, value: 1 }]),
          selected(sink, dataset),
        ]
      ) {
        const error = yield* refusal(sink, operation, "schema");
        expect(error.message).toContain(dataset.name);
      }
    }));

  test("K9: a column that was never ensured is refused by name", (sink) =>
    Effect.gen(function* () {
      const name = freshName("ahead");
      yield* sink.ensure(shaped(name, { value: Dataset.int32() }));
      const ahead = shaped(name, { value: Dataset.int32(), added: Dataset.nullable(Dataset.text()) });
      for (
        const operation of [
          sink.upsert(ahead, [{ id: 1, value: 1, added: null }]),
          sink.replace(ahead, [], [{ id: 1, value: 1, added: null }]),
          selected(sink, ahead),
        ]
      ) {
        const error = yield* refusal(sink, operation, "schema");
        expect(error.message).toContain("added");
      }
    }));

  test("K10: names that are words of SQL, or as long as names may be, are safe", (sink) =>
    Effect.gen(function* () {
      const long = (last: string) => "x".repeat(62) + last;
      const dataset = Dataset.make({
        name: `${freshName("order")}_${"x".repeat(63)}`.slice(0, 63),
        columns: {
          select: Dataset.int64(),
          user: Dataset.text(),
          order: Dataset.nullable(Dataset.int32()),
          [long("a")]: Dataset.int32(),
          [long("b")]: Dataset.int32(),
        } as {
          readonly select: Dataset.Column<"int64", false>;
          readonly user: Dataset.Column<"text", false>;
          readonly order: Dataset.Column<"int32", true>;
          readonly [long: string]: Dataset.Column;
        },
        key: ["select", "user"],
        indexes: [
          { columns: ["order"] },
          { columns: [long("a")], unique: true },
          { columns: [long("b")], unique: true },
        ],
      });
      const row = (select: number, a: number, b: number) => ({
        select,
        user: "from",
        order: null,
        [long("a")]: a,
        [long("b")]: b,
      });
      yield* sink.ensure(dataset);
      yield* sink.ensure(dataset);
      yield* sink.upsert(dataset, [row(1, 1, 1), row(2, 2, 2)]);
      expect(yield* stored(sink, dataset)).toEqual([row(1, 1, 1), row(2, 2, 2)]);
      yield* refusal(sink, sink.upsert(dataset, [row(3, 1, 3)]), "constraint");
      yield* refusal(sink, sink.upsert(dataset, [row(3, 3, 1)]), "constraint");
    }));
};
