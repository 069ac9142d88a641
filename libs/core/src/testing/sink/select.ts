import { expect } from "@effect/vitest";
import { Effect, Stream } from "effect";
import { on } from "../../Where.ts";
import {
  inBatches,
  price,
  type PriceRow,
  prices,
  pricesIn,
  refusal,
  selected,
  stored,
  type Topic,
} from "./subject.ts";

const noted: ReadonlyArray<PriceRow> = [
  price("a", 1, "10", { note: "x" }),
  price("a", 2, "9.5", { note: null }),
  price("b", 1, "10.0", { note: "y" }),
  price("b", 2, "-3", { note: null }),
  price("c", 1, "100", { note: "" }),
];

const identity = (row: Pick<PriceRow, "series" | "n">) => `${row.series}${row.n}`;

/** Text whose order differs between code points, UTF-16 units and the collations of languages. */
const inCodePointOrder = [
  "",
  " ",
  "B",
  "Z",
  "a",
  "a b",
  "aB",
  "ab",
  "b",
  "~",
  "\u00e9",
  "\uff5e",
  "\u{1f600}",
];

export const selectTopic: Topic = (test) => {
  test("K50: select gives the columns asked for, all when none is named", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, [price("a", 1, "2")]);
      expect(yield* selected(sink, dataset, { columns: ["price", "n"] })).toEqual([{ price: "2", n: 1 }]);
      expect(yield* selected(sink, dataset)).toEqual([price("a", 1, "2")]);
    }));

  test("K51: conditions all hold; decimals compare by value; null fits no comparison", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, noted);
      const where = on(dataset);
      const cases = [
        { where: [], found: ["a1", "a2", "b1", "b2", "c1"] },
        { where: [where.eq("series", "a")], found: ["a1", "a2"] },
        { where: [where.eq("price", "10.00")], found: ["a1", "b1"] },
        { where: [where.eq("note", "")], found: ["c1"] },
        { where: [where.in("series", ["c", "a", "zz"])], found: ["a1", "a2", "c1"] },
        { where: [where.in("series", [])], found: [] },
        { where: [where.in("price", ["10", "-3.0"])], found: ["a1", "b1", "b2"] },
        { where: [where.gte("price", "9.5"), where.lt("price", "100")], found: ["a1", "a2", "b1"] },
        { where: [where.lt("price", "0")], found: ["b2"] },
        { where: [where.gte("note", "")], found: ["a1", "b1", "c1"] },
        { where: [where.lt("note", "y")], found: ["a1", "c1"] },
        { where: [where.isNull("note")], found: ["a2", "b2"] },
        { where: [where.isNotNull("note"), where.eq("n", 1), where.lt("series", "c")], found: ["a1", "b1"] },
        { where: [where.eq("seen_at", 0), where.gte("seen_at", 1)], found: [] },
      ];
      for (const { where, found } of cases) {
        const rows = yield* selected(sink, dataset, { where, orderBy: ["series", "n"] });
        expect(rows.map(identity), JSON.stringify(where)).toEqual(found);
      }
    }));

  test("K52: a list of a condition may be long", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 50));
      const many = Array.from({ length: 70_000 }, (_, i) => i * 2);
      const rows = yield* selected(sink, dataset, { columns: ["n"], where: [on(dataset).in("n", many)] });
      expect(rows.length).toBe(25);
    }));

  test("K53: rows come in the order asked for; null counts as the largest value", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, noted);
      const byNote = yield* selected(sink, dataset, { orderBy: ["note", ["series", "desc"]] });
      expect(byNote.map(identity)).toEqual(["c1", "a1", "b1", "b2", "a2"]);
      const byNoteDown = yield* selected(sink, dataset, { orderBy: [["note", "desc"], "series"] });
      expect(byNoteDown.map(identity)).toEqual(["a2", "b2", "b1", "a1", "c1"]);
      const byPrice = yield* selected(sink, dataset, { orderBy: ["price", ["series", "desc"]] });
      expect(byPrice.map(identity)).toEqual(["b2", "a2", "b1", "a1", "c1"]);
    }));

  test("K54: text is ordered and compared by code point, whatever the store's language", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, inCodePointOrder.toReversed().map((series) => price(series, 1)));
      const rows = yield* selected(sink, dataset, { columns: ["series"], orderBy: ["series"] });
      expect(rows.map((row) => row.series)).toEqual(inCodePointOrder);
      const small = yield* selected(sink, dataset, { where: [on(dataset).gte("series", "a")] });
      expect(small.length).toBe(inCodePointOrder.length - inCodePointOrder.indexOf("a"));
    }));

  test("K55: a limit takes the first rows of the order", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 10));
      const last = yield* selected(sink, dataset, { columns: ["n"], orderBy: [["n", "desc"]], limit: 3 });
      expect(last.map((row) => row.n)).toEqual([9, 8, 7]);
      expect(yield* selected(sink, dataset, { limit: 0 })).toEqual([]);
      expect((yield* selected(sink, dataset, { limit: 99 })).length).toBe(10);
    }));

  test("K56: many rows come in many batches, each of some rows", (sink) =>
    Effect.gen(function* () {
      const rows = prices("a", 30_000);
      const dataset = yield* pricesIn(sink, rows);
      const batches = yield* Stream.runCollect(sink.select(dataset, { orderBy: ["n"] }));
      expect(batches.length).toBeGreaterThan(1);
      expect(batches.every((batch) => batch.length > 0)).toBe(true);
      expect(batches.flat()).toEqual(rows);
    }));

  test("K57: a selection left before its end holds nothing back", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 5_000));
      const head = sink.select(dataset).pipe(Stream.take(1), Stream.runCollect);
      for (let i = 0; i < 30; i++) expect((yield* head).length).toBe(1);
      yield* sink.transaction(Effect.andThen(head, sink.upsert(dataset, [price("b", 1)])));
      expect(yield* sink.replace(dataset, [], [])).toMatchObject({ deleted: 5_001 });
    }));

  test("K58: a selection shows one state, also when its rows are replaced while it is read", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 20_000, "1"));
      const later = prices("a", 20_000, "2");
      let replaced = false;
      const rows = yield* sink.select(dataset, { columns: ["price"] }).pipe(
        Stream.mapEffect((batch) => {
          if (replaced) return Effect.succeed(batch);
          replaced = true;
          return Effect.as(sink.replace(dataset, [], Stream.fromIterable(inBatches(later, 5_000))), batch);
        }),
        Stream.runCollect,
      );
      expect(rows.flat().filter((row) => row.price === "1").length).toBe(20_000);
      expect((yield* selected(sink, dataset, { limit: 1 }))[0]!.price).toBe("2");
    }));

  test("K59: what a transaction selects may be written back in it, batch by batch", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink, prices("a", 12_000, "1"));
      yield* sink.transaction(
        Stream.runForEach(
          sink.select(dataset),
          (batch) => sink.upsert(dataset, batch.map((row) => ({ ...row, price: "2" }))),
        ),
      );
      expect((yield* stored(sink, dataset)).every((row) => row.price === "2")).toBe(true);
    }));

  test("K60: a column that is not there is refused by name", (sink) =>
    Effect.gen(function* () {
      const dataset = yield* pricesIn(sink);
      const absent = "absent" as "note";
      for (
        const selection of [
          { columns: [absent] },
          { orderBy: [absent] },
          { where: [on(dataset).isNull(absent)] },
        ]
      ) {
        const error = yield* refusal(sink, selected(sink, dataset, selection), "schema");
        expect(error.message).toContain("absent");
      }
      const error = yield* refusal(sink, sink.replace(dataset, [on(dataset).isNull(absent)], []), "schema");
      expect(error.message).toContain("absent");
    }));
};
