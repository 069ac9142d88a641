import { expect } from "@effect/vitest";
import { Effect, Exit } from "effect";
import * as fc from "fast-check";
import * as Dataset from "../../Dataset.ts";
import { noWrites } from "../../Sink.ts";
import { type Condition, on, type Where } from "../../Where.ts";
import { arbitraries, decimals, texts } from "./arbitraries.ts";
import { compareStored, modelReplace, type ModelRow, modelUpsert } from "./model.ts";
import { byValue, expectOwn, freshName, refusal, selected, type SinkService, type Topic } from "./subject.ts";

const RUNS = 100;

/** Every type at once; `run` keeps the rows of one property run apart from the others'. */
const everything = () =>
  Dataset.make({
    name: freshName("everything"),
    columns: {
      run: Dataset.int32(),
      id: Dataset.int64(),
      name: Dataset.text(),
      count: Dataset.nullable(Dataset.int32()),
      amount: Dataset.nullable(Dataset.decimal()),
      label: Dataset.nullable(Dataset.text()),
      yes: Dataset.nullable(Dataset.boolean()),
      day: Dataset.nullable(Dataset.date()),
      at: Dataset.nullable(Dataset.timestamp()),
      extra: Dataset.nullable(Dataset.json()),
    },
    key: ["run", "id", "name"],
  });

type Everything = Dataset.Row<ReturnType<typeof everything>>;

const anyRow = fc.record({
  id: arbitraries.int64,
  name: arbitraries.text,
  count: fc.option(arbitraries.int32),
  amount: fc.option(arbitraries.decimal),
  label: fc.option(arbitraries.text),
  yes: fc.option(arbitraries.boolean),
  day: fc.option(arbitraries.date),
  at: fc.option(arbitraries.timestamp),
  extra: fc.option(arbitraries.json),
});

const anyRows = fc.uniqueArray(anyRow, { selector: (row) => `${row.id}\0${row.name}`, maxLength: 8 });

/** Runs a property of effects, each run with a number of its own. */
const holds = <T>(
  arbitrary: fc.Arbitrary<T>,
  body: (value: T, run: number) => Effect.Effect<void, unknown>,
) =>
  Effect.promise(() => {
    let run = 0;
    return fc.assert(fc.asyncProperty(arbitrary, (value) => Effect.runPromise(body(value, ++run))), {
      numRuns: RUNS,
    });
  });

const byKey = (left: Everything, right: Everything) =>
  left.id - right.id || (left.name < right.name ? -1 : left.name > right.name ? 1 : 0);

const rowsOfRun = Effect.fnUntraced(
  function* (sink: SinkService, dataset: ReturnType<typeof everything>, run: number) {
    const rows = yield* selected(sink, dataset, { where: [on(dataset).eq("run", run)] });
    return rows.toSorted(byKey);
  },
);

/** One operation of the model test, on a dataset of (run, group, n) with a price, a note and bookkeeping. */
type Step =
  | { readonly _tag: "upsert"; readonly rows: ReadonlyArray<ModelRow> }
  | { readonly _tag: "replace"; readonly group: number; readonly rows: ReadonlyArray<ModelRow> }
  | { readonly _tag: "transaction"; readonly steps: ReadonlyArray<Step>; readonly fails: boolean };

const modelRow = fc.record({
  group: fc.integer({ min: 0, max: 2 }),
  n: fc.integer({ min: 0, max: 3 }),
  price: fc.oneof(fc.constantFrom("1", "1.0", "2"), decimals),
  note: fc.option(fc.oneof(fc.constantFrom("", "x"), texts)),
  seen_at: fc.nat({ max: 1_000_000 }),
});
const modelRows = fc.uniqueArray(modelRow, { selector: (row) => `${row.group} ${row.n}`, maxLength: 6 });

const write: fc.Arbitrary<Step> = fc.oneof(
  modelRows.map((rows): Step => ({ _tag: "upsert", rows })),
  fc.tuple(fc.integer({ min: 0, max: 2 }), modelRows).map(([group, rows]): Step => ({
    _tag: "replace",
    group,
    rows: rows.filter((row) => row.group === group),
  })),
);
const steps = fc.array(
  fc.oneof(
    { arbitrary: write, weight: 3 },
    {
      arbitrary: fc.record({
        _tag: fc.constant("transaction" as const),
        steps: fc.array(write, { minLength: 1, maxLength: 3 }),
        fails: fc.boolean(),
      }),
      weight: 1,
    },
  ),
  { minLength: 1, maxLength: 5 },
);

const modelled = () =>
  Dataset.make({
    name: freshName("modelled"),
    columns: {
      run: Dataset.int32(),
      group: Dataset.int32(),
      n: Dataset.int32(),
      price: Dataset.decimal(),
      note: Dataset.nullable(Dataset.text()),
      seen_at: Dataset.bookkeeping(Dataset.timestamp()),
    },
    key: ["run", "group", "n"],
  });

export const propertiesTopic: Topic = (test) => {
  test("K120: for any rows, upserting them twice is upserting them once, and they come out as they went in", (sink) =>
    Effect.gen(function* () {
      const dataset = everything();
      yield* sink.ensure(dataset);
      yield* holds(anyRows, (given, run) =>
        Effect.gen(function* () {
          const rows = given.map((row) => ({ run, ...row }));
          expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, inserted: rows.length });
          expect(yield* sink.upsert(dataset, rows)).toEqual({ ...noWrites, unchanged: rows.length });
          expect(yield* rowsOfRun(sink, dataset, run)).toEqual(byValue(dataset, rows).toSorted(byKey));
        }));
    }));

  test("K121: for any rows before, replace makes the slice the given rows", (sink) =>
    Effect.gen(function* () {
      const dataset = everything();
      yield* sink.ensure(dataset);
      yield* holds(fc.tuple(anyRows, anyRows), ([before, given], run) =>
        Effect.gen(function* () {
          yield* sink.upsert(dataset, before.map((row) => ({ run, ...row })));
          const rows = given.map((row) => ({ run, ...row }));
          const counts = yield* sink.replace(dataset, [on(dataset).eq("run", run)], rows);
          expect(counts.inserted + counts.updated + counts.unchanged).toBe(rows.length);
          expect(counts.deleted).toBe(before.length - counts.updated - counts.unchanged);
          expect(yield* rowsOfRun(sink, dataset, run)).toEqual(byValue(dataset, rows).toSorted(byKey));
        }));
    }));

  test("K122: any sequence of operations leaves what a pure model of them leaves, with the same counts", (sink) =>
    Effect.gen(function* () {
      const dataset = modelled();
      yield* sink.ensure(dataset);
      yield* holds(steps, (sequence, run) => {
        let model: ReadonlyArray<ModelRow> = [];
        const apply = (step: Step): Effect.Effect<void, unknown> =>
          Effect.gen(function* () {
            if (step._tag === "transaction") {
              const before = model;
              const inside = Effect.forEach(step.steps, apply, { discard: true });
              const exit = yield* Effect.exit(
                sink.transaction(step.fails ? Effect.andThen(inside, Effect.fail("rolled back")) : inside),
              );
              if (step.fails) {
                expectOwn(exit, "rolled back");
                model = before;
              } else {
                expect(exit).toEqual(Exit.void);
              }
              return;
            }
            const rows = step.rows.map((row) => ({ run, ...row }));
            const slice: Where = step._tag === "replace"
              ? [on(dataset).eq("run", run), on(dataset).eq("group", step.group)]
              : [];
            const expected = step._tag === "replace"
              ? modelReplace(model, step.group, step.rows)
              : modelUpsert(model, step.rows);
            model = expected.rows;
            const counts = yield* step._tag === "replace"
              ? sink.replace(dataset, slice, rows)
              : sink.upsert(dataset, rows);
            expect(counts).toEqual(expected.counts);
          });
        return Effect.gen(function* () {
          yield* Effect.forEach(sequence, apply, { discard: true });
          const rows = yield* selected(sink, dataset, {
            columns: ["group", "n", "price", "note", "seen_at"],
            where: [on(dataset).eq("run", run)],
            orderBy: ["group", "n"],
          });
          expect(rows).toEqual(byValue(dataset, model).toSorted(compareStored));
        });
      });
    }));

  test("K123: rows with one that cannot be stored among them store nothing, wherever it stands", (sink) =>
    Effect.gen(function* () {
      const dataset = modelled();
      yield* sink.ensure(dataset);
      const conditions = (run: number): ReadonlyArray<Condition> => [on(dataset).eq("run", run)];
      yield* holds(fc.tuple(modelRows, fc.nat()), ([given, at], run) =>
        Effect.gen(function* () {
          const rows = given.map((row) => ({ run, ...row }));
          const bad = { run, group: 9, n: 777_777, price: "abc", note: null, seen_at: 0 };
          const error = yield* refusal(
            sink,
            sink.upsert(dataset, rows.toSpliced(at % (rows.length + 1), 0, bad)),
            "constraint",
          );
          expect(error.message).toContain("777777");
          expect(yield* selected(sink, dataset, { where: conditions(run) })).toEqual([]);
        }));
    }));
};
