import { expect } from "@effect/vitest";
import { Cause, Deferred, Effect, Exit, Fiber, Stream } from "effect";
import * as Dataset from "../../Dataset.ts";
import { noWrites } from "../../Sink.ts";
import {
  expectOwn,
  freshName,
  inBatches,
  price,
  type PriceRow,
  prices,
  pricesIn,
  refusal,
  stored,
  type Topic,
} from "./subject.ts";

/** Rows that no store may take, each with the column at fault and what is wrong. */
const bad: ReadonlyArray<{ readonly what: string; readonly row: PriceRow }> = [
  { what: "null in a required column", row: { ...price("a", 777), price: null as unknown as string } },
  { what: "text that is no number in a decimal column", row: price("a", 777, "abc") },
  { what: "NaN in a decimal column", row: price("a", 777, "NaN") },
  { what: "text in a whole-number column", row: { ...price("777", 0), n: "x" as unknown as number } },
  { what: "NUL in text", row: price("a", 777, "1", { note: "before\0after" }) },
  { what: "a time that is none", row: price("a", 777, "1", { seen_at: NaN }) },
];

export const upsertTopic: Topic = (test) => {
  test("K20: upsert counts the rows it inserted, updated and left unchanged", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const first = yield* sink.upsert(dataset, prices("a", 3));
      expect(first).toEqual({ ...noWrites, inserted: 3 });
      const second = yield* sink.upsert(dataset, [
        price("a", 1),
        price("a", 2, "7"),
        price("a", 3),
        price("b", 1),
      ]);
      expect(second).toEqual({ inserted: 2, updated: 1, unchanged: 1, deleted: 0 });
      expect((yield* stored(sink, dataset)).map((row) => [row.series, row.n, row.price])).toEqual([
        ["a", 0, "1.5"],
        ["a", 1, "1.5"],
        ["a", 2, "7"],
        ["a", 3, "1.5"],
        ["b", 1, "1.5"],
      ]);
    }));

  test("K21: bookkeeping columns are written with a row that changed, and never make a row change", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 1), price("a", 2)]);
      const counts = yield* sink.upsert(dataset, [
        price("a", 1, "1.5", { seen_at: 5_000 }),
        price("a", 2, "9", { seen_at: 5_000 }),
      ]);
      expect(counts).toEqual({ ...noWrites, updated: 1, unchanged: 1 });
      expect(yield* stored(sink, dataset)).toEqual([
        price("a", 1, "1.5", { seen_at: 0 }),
        price("a", 2, "9", { seen_at: 5_000 }),
      ]);
    }));

  test("K22: decimals are compared by value: another notation is no change", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [
        price("a", 1, "100.1"),
        price("a", 2, "5"),
        price("a", 3, "0.00"),
      ]);
      const counts = yield* sink.upsert(dataset, [
        price("a", 1, "100.10"),
        price("a", 2, "5.01"),
        price("a", 3, "0"),
      ]);
      expect(counts).toEqual({ ...noWrites, updated: 1, unchanged: 2 });
      expect((yield* stored(sink, dataset)).map((row) => row.price)).toEqual(["100.1", "5.01", "0"]);
    }));

  test("K23: a change to null and a change from null are changes", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [
        price("a", 1, "1", { note: "x" }),
        price("a", 2),
        price("a", 3),
      ]);
      const counts = yield* sink.upsert(dataset, [
        price("a", 1, "1", { note: null }),
        price("a", 2, "1.5", { note: "y" }),
        price("a", 3),
      ]);
      expect(counts).toEqual({ ...noWrites, updated: 2, unchanged: 1 });
      expect((yield* stored(sink, dataset)).map((row) => row.note)).toEqual([null, "y", null]);
    }));

  test("K24: a stream that fails stores nothing, and its own error comes out", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 0, "8")]);
      const failing = Stream.concat(
        Stream.fromIterable(inBatches(prices("a", 3_000), 500)),
        Stream.fail("torn"),
      );
      const exit = yield* Effect.exit(sink.upsert(dataset, failing));
      expectOwn(exit, "torn");
      expect(yield* stored(sink, dataset)).toEqual([price("a", 0, "8")]);
    }));

  test("K24: a stream that dies or is interrupted stores nothing", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const begun = Stream.succeed(prices("a", 10));
      const died = yield* Effect.exit(sink.upsert(dataset, Stream.concat(begun, Stream.die("bug"))));
      expect(Exit.isFailure(died) && Cause.hasDies(died.cause)).toBe(true);
      const pulled = yield* Deferred.make<void>();
      const endless = Stream.concat(
        begun,
        Stream.fromEffect(Effect.andThen(Deferred.succeed(pulled, undefined), Effect.never)),
      );
      const writer = yield* Effect.forkChild(sink.upsert(dataset, endless));
      yield* Deferred.await(pulled);
      yield* Fiber.interrupt(writer);
      expect(yield* stored(sink, dataset)).toEqual([]);
      expect(yield* sink.upsert(dataset, prices("a", 2))).toEqual({ ...noWrites, inserted: 2 });
    }));

  for (const { what, row } of bad) {
    test(`K25: a row that cannot be stored is named, and nothing is: ${what}`, (sink) =>
      Effect.gen(function* () {
        const dataset = yield* pricesIn(sink, [price("a", 0, "8")]);
        const rows = [...prices("a", 700), row, ...prices("b", 700)];
        const error = yield* refusal(
          sink,
          sink.upsert(dataset, Stream.fromIterable(inBatches(rows, 100))),
          "constraint",
        );
        expect(error.message).toContain("777");
        expect(yield* stored(sink, dataset)).toEqual([price("a", 0, "8")]);
      }));
  }

  test("K26: a key that comes twice in one call is an error that names it, and nothing is stored", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const rows = [...prices("a", 900), price("a", 777, "1.5")];
      for (const given of [rows, Stream.fromIterable(inBatches(rows, 100))]) {
        const error = yield* refusal(sink, sink.upsert(dataset, given), "constraint");
        expect(error.message).toContain("777");
      }
      expect(yield* stored(sink, dataset)).toEqual([]);
    }));

  test("K27: nothing given is nothing done", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 1)]);
      for (const nothing of [[], Stream.empty, Stream.fromIterable([[], []])]) {
        expect(yield* sink.upsert(dataset, nothing)).toEqual(noWrites);
      }
      expect(yield* stored(sink, dataset)).toEqual([price("a", 1)]);
    }));

  test("K28: batches of any size make one call", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const rows = prices("a", 20_000);
      const batches = [rows.slice(0, 1), [], rows.slice(1, 8_000), ...inBatches(rows.slice(8_000), 50)];
      expect(yield* sink.upsert(dataset, Stream.fromIterable(batches))).toEqual({
        ...noWrites,
        inserted: 20_000,
      });
      expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, unchanged: 20_000 });
      expect(yield* stored(sink, dataset)).toEqual(rows);
    }));

  test("K29: keys are compared whole and byte by byte", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const series = ["a", "A", "a ", " a", "", "\u00e9", "e\u0301", "a\tb", "ab"];
      const rows = series.flatMap((name) => [price(name, 1), price(name, 11), price(name, -1)]);
      expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, inserted: rows.length });
      expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, unchanged: rows.length });
    }));

  test("K30: a dataset may be all key", (sink) =>
    Effect.gen(function* () {
      const dataset = Dataset.make({
        name: freshName("all_key"),
        columns: { day: Dataset.date(), exchange: Dataset.text() },
        key: ["day", "exchange"],
      });
      yield* sink.ensure(dataset);
      const rows = [{ day: "2024-03-02", exchange: "BSE" }, { day: "2024-03-02", exchange: "NSE" }];
      expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, inserted: 2 });
      expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, unchanged: 2 });
      expect(yield* stored(sink, dataset)).toEqual(rows);
    }));
};
