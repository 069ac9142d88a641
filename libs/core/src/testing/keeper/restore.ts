import { expect } from "@effect/vitest";
import { Effect } from "effect";
import * as fc from "fast-check";
import * as Dataset from "../../Dataset.ts";
import { arbitraries } from "../sink/arbitraries.ts";
import { byValue, price, priceDataset, prices, selected } from "../sink/subject.ts";
import { values } from "../sink/values.ts";
import { counts, refusal, type Topic } from "./subject.ts";

const dataset = priceDataset("kept");

/** A column of every type, each of them also empty. */
const typed = Dataset.make({
  name: "all_types",
  columns: {
    id: Dataset.int32(),
    key_text: Dataset.text(),
    an_int32: Dataset.nullable(Dataset.int32()),
    an_int64: Dataset.nullable(Dataset.int64()),
    a_decimal: Dataset.nullable(Dataset.decimal()),
    a_text: Dataset.nullable(Dataset.text()),
    a_boolean: Dataset.nullable(Dataset.boolean()),
    a_date: Dataset.nullable(Dataset.date()),
    a_timestamp: Dataset.nullable(Dataset.timestamp()),
    a_json: Dataset.nullable(Dataset.json()),
  },
  key: ["key_text", "id"],
  indexes: [{ columns: ["a_text"] }],
});

const nothing = {
  an_int32: null,
  an_int64: null,
  a_decimal: null,
  a_text: null,
  a_boolean: null,
  a_date: null,
  a_timestamp: null,
  a_json: null,
};

const columnOf = (type: Dataset.ColumnType) =>
  `${/^[aeiou]/.test(type) ? "an" : "a"}_${type}` as keyof typeof nothing;

/** A row for each value that stores are known to bend, one of nothing, and some with random values. */
const typedRows: ReadonlyArray<Dataset.Row<typeof typed>> = (() => {
  const types = Object.keys(values) as ReadonlyArray<Dataset.ColumnType>;
  const bent = types.flatMap((type) =>
    values[type].map((value) => ({ ...nothing, [columnOf(type)]: value }))
  );
  const random = fc.sample(
    fc.record(
      Object.fromEntries(types.map((type) => [columnOf(type), fc.option(arbitraries[type], { nil: null })])),
    ),
    { numRuns: 300, seed: 7 },
  );
  return [nothing, ...bent, ...random].map((row, id) => ({
    ...nothing,
    ...row,
    id,
    key_text: ["", "B", "a", "\u00e9", "\\N", "a\tb"][id % 6]!,
  } as Dataset.Row<typeof typed>));
})();

const byKey = (left: Dataset.Row<typeof typed>, right: Dataset.Row<typeof typed>) => left.id - right.id;

export const restoreTopic: Topic = (test, subject) => {
  test("U20: rows with values of every type come back as they were", ({ backup, keep, restore, rows, write }) =>
    Effect.gen(function* () {
      yield* write(typed, typedRows);
      const made = yield* backup;
      yield* keep((keeper) => keeper.truncate([typed.name]));
      expect(yield* rows(typed)).toEqual([]);
      yield* restore(made);
      expect((yield* rows(typed)).toSorted(byKey)).toEqual(byValue(typed, typedRows));
    }));

  test("U21: what was changed, added and removed since is as it was", ({ backup, restore, rows, run, write }) =>
    Effect.gen(function* () {
      const before = prices("s", 5_000);
      const empty = priceDataset("empty_then");
      yield* run((sink) => sink.ensure(empty));
      yield* write(dataset, before);
      const made = yield* backup;
      yield* run((sink) =>
        Effect.gen(function* () {
          yield* sink.upsert(dataset, [price("s", 7, "99"), price("s", 5_001), price("t", 1)]);
          yield* sink.replace(dataset, [], [...prices("s", 2_000, "3"), price("new", 1)]);
          yield* sink.upsert(empty, prices("s", 3));
        })
      );
      yield* restore(made);
      expect(yield* rows(dataset)).toEqual(before);
      expect(yield* rows(empty)).toEqual([]);
    }));

  test("U22: tables made since are gone, and can be made again", ({ backup, restore, rows, status, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 2));
      const made = yield* backup;
      const later = priceDataset("made_later");
      yield* write(later, prices("t", 3));
      yield* restore(made);
      expect(counts(yield* status)).toEqual({ [dataset.name]: 2 });
      yield* write(later, prices("u", 1));
      expect(yield* rows(later)).toEqual(prices("u", 1));
    }));

  test("U23: the older of two backups can be restored, and then the newer", ({ backup, restore, rows, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 10));
      const older = yield* backup;
      yield* write(dataset, prices("s", 20, "2"));
      const newer = yield* backup;
      yield* restore(older);
      expect(yield* rows(dataset)).toEqual(prices("s", 10));
      yield* restore(newer);
      expect(yield* rows(dataset)).toEqual(prices("s", 20, "2"));
      yield* restore(older);
      expect(yield* rows(dataset)).toEqual(prices("s", 10));
    }));

  test("U24: a store that has moved on since the backup goes on from it: columns, indexes, views", ({ backup, restore, run, write }) =>
    Effect.gen(function* () {
      const wide = Dataset.make({
        name: dataset.name,
        columns: { ...dataset.columns, added: Dataset.nullable(Dataset.text()) },
        key: ["series", "n"],
        indexes: [{ columns: ["added"], unique: true }],
      });
      const labels = Dataset.make({
        name: "labels",
        columns: { series: Dataset.text(), label: Dataset.text() },
        key: ["series"],
      });
      const view = Dataset.view({
        name: "labelled",
        base: wide,
        joined: labels,
        on: [["series", "series"]],
        adds: ["label"],
      });
      const seen = {
        ...wide,
        name: view.name,
        columns: { ...wide.columns, label: Dataset.nullable(Dataset.text()) },
      };
      const moveOn = run((sink) =>
        Effect.gen(function* () {
          yield* sink.ensure(wide);
          yield* sink.ensure(labels);
          yield* sink.ensureView(view);
          yield* sink.upsert(wide, [{ ...price("s", 9), added: "x" }]);
          yield* sink.upsert(labels, [{ series: "s", label: "S" }]);
          return yield* selected(sink, seen, { orderBy: ["n"] });
        })
      );
      yield* write(dataset, prices("s", 2));
      const made = yield* backup;
      const once = yield* moveOn;
      expect(once.map(({ added, label }) => [added, label])).toEqual([[null, "S"], [null, "S"], ["x", "S"]]);
      yield* restore(made);
      expect(yield* moveOn).toEqual(once);
    }));

  test("U25: a backup without tables makes the store one without tables", ({ backup, restore, status, write }) =>
    Effect.gen(function* () {
      const made = yield* backup;
      yield* write(dataset, prices("s", 2));
      yield* restore(made);
      expect((yield* status).tables).toEqual([]);
    }));

  for (const [what, damage] of Object.entries(subject.damages)) {
    test(`U26: a damaged backup is refused, and the store stays as it was: ${what}`, ({ backup, restore, rows, status, write }) =>
      Effect.gen(function* () {
        yield* write(dataset, prices("s", 3_000));
        const made = yield* backup;
        yield* write(dataset, prices("s", 4_000, "2"));
        const before = yield* status;
        yield* damage(made);
        yield* refusal(subject, restore(made), "schema");
        expect(counts(yield* status)).toEqual(counts(before));
        expect(yield* rows(dataset)).toEqual(prices("s", 4_000, "2"));
      }));
  }

  test("U27: a backup that is not there is refused, and the store stays as it was", ({ backup, restore, rows, write }) =>
    Effect.gen(function* () {
      yield* write(dataset, prices("s", 2));
      const made = yield* backup;
      yield* refusal(
        subject,
        restore({ ...made, name: `${made.name}-none`, path: `${made.path}-none` }),
        "schema",
      );
      expect(yield* rows(dataset)).toEqual(prices("s", 2));
    }));
};
