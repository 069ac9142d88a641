import { expect } from "@effect/vitest";
import { Effect, Fiber, Stream } from "effect";
import { noWrites } from "../../Sink.ts";
import { all, on } from "../../Where.ts";
import {
  expectOwn,
  inBatches,
  price,
  prices,
  pricesIn,
  refusal,
  selected,
  stored,
  type Topic,
} from "./subject.ts";

export const replaceTopic: Topic = (test) => {
  test("K40: replace makes the slice exactly the given rows, counts, and leaves the rest alone", (sink) =>
    Effect.gen(function* () {
      const others = [price("a", 9), price("b", 1)];
      const dataset = yield* pricesIn(sink, [...prices("a", 4), ...others]);
      const { eq, lt } = on(dataset);
      const counts = yield* sink.replace(dataset, [eq("series", "a"), lt("n", 5)], [
        price("a", 1, "1.50", { seen_at: 9 }),
        price("a", 2, "7"),
        price("a", 4),
      ]);
      expect(counts).toEqual({ inserted: 1, updated: 1, unchanged: 1, deleted: 2 });
      expect(yield* stored(sink, dataset)).toEqual([
        price("a", 1),
        price("a", 2, "7"),
        price("a", 4),
        ...others,
      ]);
    }));

  test("K41: replace with no rows empties the slice, and the slice of all rows is the dataset", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [...prices("a", 3), price("b", 1)]);
      const slice = [on(dataset).eq("series", "a")];
      expect(yield* sink.replace(dataset, slice, [])).toEqual({ ...noWrites, deleted: 3 });
      expect(yield* sink.replace(dataset, slice, Stream.empty)).toEqual(noWrites);
      expect(yield* sink.replace(dataset, all, [price("c", 1)])).toEqual({
        ...noWrites,
        inserted: 1,
        deleted: 1,
      });
      expect(yield* stored(sink, dataset)).toEqual([price("c", 1)]);
    }));

  test("K42: a row outside the slice is refused by name, and nothing changes", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 3));
      const { eq, isNotNull } = on(dataset);
      const elsewhere = yield* refusal(
        sink,
        sink.replace(dataset, [eq("series", "a")], [price("a", 1, "7"), price("b", 777)]),
        "constraint",
      );
      expect(elsewhere.message).toContain("777");
      const unknown = yield* refusal(
        sink,
        sink.replace(dataset, [isNotNull("note")], [price("a", 777)]),
        "constraint",
      );
      expect(unknown.message).toContain("777");
      expect(yield* stored(sink, dataset)).toEqual(prices("a", 3));
    }));

  test("K43: a stream that fails, a bad row or a repeated key leaves the slice as it was", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 3));
      const slice = [on(dataset).eq("series", "a")];
      const torn = Stream.concat(Stream.succeed([price("a", 1, "7")]), Stream.fail("torn"));
      expectOwn(yield* Effect.exit(sink.replace(dataset, slice, torn)), "torn");
      const bad = yield* refusal(
        sink,
        sink.replace(dataset, slice, [price("a", 1, "7"), price("a", 777, "abc")]),
        "constraint",
      );
      expect(bad.message).toContain("777");
      const repeated = yield* refusal(
        sink,
        sink.replace(dataset, slice, [price("a", 777, "7"), price("a", 777, "8")]),
        "constraint",
      );
      expect(repeated.message).toContain("777");
      expect(yield* stored(sink, dataset)).toEqual(prices("a", 3));
    }));

  test("K44: a row may come into the slice from elsewhere", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 1), price("a", 2, "1", { note: "x" })]);
      const counts = yield* sink.replace(dataset, [on(dataset).eq("note", "x")], [
        price("a", 1, "2", { note: "x" }),
      ]);
      expect(counts).toEqual({ ...noWrites, updated: 1, deleted: 1 });
      expect(yield* stored(sink, dataset)).toEqual([price("a", 1, "2", { note: "x" })]);
    }));

  test("K45: readers see the old rows or the new, never a mixture", (sink) =>
    Effect.gen(function* () {
      const count = 400;
      const dataset = yield* pricesIn(sink, prices("a", count, "0"));
      const slice = [on(dataset).eq("series", "a")];
      const writer = yield* Effect.forkChild(
        Effect.forEach(["1", "2", "3", "4", "5"], (value) =>
          // Other keys each time, so that a mixture would show in the count as well.
          sink.replace(
            dataset,
            slice,
            Stream.fromIterable(
              inBatches(prices("a", count, value).map((row) => ({ ...row, n: row.n + Number(value) })), 40),
            ),
          )),
      );
      let ended = false;
      while (!ended) {
        yield* Effect.yieldNow;
        ended = writer.pollUnsafe() !== undefined;
        const rows = yield* selected(sink, dataset, { columns: ["price"], where: slice });
        expect(rows.length).toBe(count);
        expect(new Set(rows.map((row) => row.price)).size).toBe(1);
      }
      yield* Fiber.join(writer);
      expect((yield* stored(sink, dataset))[0]).toEqual(price("a", 5, "5"));
    }));
};
