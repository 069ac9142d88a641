import { expect } from "@effect/vitest";
import { Effect, Exit } from "effect";
import * as Dataset from "../../Dataset.ts";
import * as Decimal from "../../Decimal.ts";
import { noWrites } from "../../Sink.ts";
import { on } from "../../Where.ts";
import { byValue, freshName, refusal, selected, stored, type Topic } from "./subject.ts";

/** A dataset with one nullable column of a type. */
const holding = <T extends Dataset.ColumnType>(column: Dataset.Column<T, false>) =>
  Dataset.make({
    name: freshName(column.type),
    columns: { id: Dataset.int32(), value: Dataset.nullable(column) },
    key: ["id"],
  });

/** Values that stores and their wire formats are known to bend. */
export const values: { readonly [T in Dataset.ColumnType]: ReadonlyArray<Dataset.ColumnValues[T]> } = {
  int32: [0, 1, -1, 2_147_483_647, -2_147_483_648],
  int64: [0, 1, -1, 2_147_483_648, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  decimal: [
    "0",
    "0.00",
    "1",
    "0.0025",
    "100.10",
    "-37.63",
    "-0.5",
    "2550.15",
    "999999999999999",
    "-0.123456789012345",
    "123456789012.3450",
    "-0.000000000000000000000000000001",
    "9007199254740992",
    "0.30000000000000004",
    "179769313486231570000000000000",
  ],
  text: [
    "",
    " ",
    "null",
    "NULL",
    "\\N",
    "\\.",
    "\\",
    "\\\\",
    "\\n",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\r",
    "\b\f\v\u0001\u007f",
    "it's",
    '"quoted"',
    "a,b;c|d",
    "; drop table x; --",
    "$1 ${x} %s :name ?",
    "M&M",
    "BAJAJ-AUTO",
    " trailing ",
    "\u0928\u093f\u092b\u094d\u091f\u0940",
    "e\u0301\u00e9",
    "\u{1f4c8}\u200d\u{1f469}",
    "\ufeffbom",
    "\ufffd\uffff",
    "x".repeat(100_000),
  ],
  boolean: [true, false],
  date: ["2024-02-29", "1995-01-01", "1969-12-31", "1900-03-01", "0001-01-01", "9999-12-31"],
  timestamp: [
    0,
    -1,
    1,
    1_732_095_000_123,
    -86_399_999,
    Date.UTC(1900, 0, 1, 0, 0, 0, 1),
    Date.UTC(2199, 11, 31, 23, 59, 59, 999),
    Date.UTC(9999, 11, 31, 23, 59, 59, 999),
    // Where summer time begins and ends in New York.
    Date.UTC(2024, 2, 10, 7, 0, 0),
    Date.UTC(2024, 10, 3, 5, 30, 0),
  ],
  json: [
    {},
    [],
    "text",
    "",
    0,
    -1.5,
    1e21,
    true,
    false,
    [1, "2", null, [true]],
    { inserted: 3, "odd key \"'\\": { deep: [{ a: null }] }, "\u0928": "\u{1f4c8}\n\t" },
  ],
};

/** Decimals that no double stands for: a store holds them as they are, or says that it cannot. */
const longDecimals: ReadonlyArray<string> = [
  "99999999999999999999.9999999999",
  "123456789012345678901234567890",
  "9007199254740993",
  "0.1000000000000000055511151231257827",
  "-1234567.12345678901234567890",
];

const columns: { readonly [T in Dataset.ColumnType]: Dataset.Column<T, false> } = {
  int32: Dataset.int32(),
  int64: Dataset.int64(),
  decimal: Dataset.decimal(),
  text: Dataset.text(),
  boolean: Dataset.boolean(),
  date: Dataset.date(),
  timestamp: Dataset.timestamp(),
  json: Dataset.json(),
};

/** Values of the right JavaScript type that the column cannot hold. */
const outOfRange: ReadonlyArray<readonly [Dataset.ColumnType, unknown]> = [
  ["int32", 2_147_483_648],
  ["int32", 1.5],
  ["int64", 1.5],
  ["int64", Infinity],
  ["decimal", "1e5"],
  ["decimal", "Infinity"],
  ["decimal", ""],
  ["date", "2024-02-30"],
  ["date", "20240229"],
  ["timestamp", Infinity],
];

export const valuesTopic: Topic = (test) => {
  for (const type of Object.keys(values) as ReadonlyArray<Dataset.ColumnType>) {
    test(`K70: ${type} values come out as they went in, null included`, (sink) =>
      Effect.gen(function* () {
        const dataset = holding(columns[type]);
        const given = [...values[type], null].map((value, id) => ({ id, value }));
        yield* sink.ensure(dataset);
        expect(yield* sink.upsert(dataset, given)).toEqual({ ...noWrites, inserted: given.length });
        expect(yield* stored(sink, dataset)).toEqual(byValue(dataset, given));
        expect(yield* sink.upsert(dataset, given)).toEqual({ ...noWrites, unchanged: given.length });
      }));
  }

  for (const type of ["int32", "int64", "decimal", "text", "boolean", "date", "timestamp"] as const) {
    test(`K71: ${type} values are found by a condition`, (sink) =>
      Effect.gen(function* () {
        const dataset: Dataset.Dataset<{
          readonly id: Dataset.Column<"int32", false>;
          readonly value: Dataset.Column<Dataset.ColumnType, true>;
        }> = holding(columns[type]);
        const given = values[type].map((value, id) => ({ id, value }));
        yield* sink.ensure(dataset);
        yield* sink.upsert(dataset, given);
        for (const { id, value } of given) {
          const equal = yield* selected(sink, dataset, { where: [on(dataset).eq("value", value)] });
          expect(equal.map((row) => row.id)).toContain(id);
          const among = yield* selected(sink, dataset, {
            where: [on(dataset).in("value", [value]), on(dataset).gte("value", value)],
          });
          expect(among).toEqual(equal);
        }
      }));
  }

  for (const [type, value] of outOfRange) {
    test(`K72: a value that a column cannot hold is refused, never bent: ${type} ${JSON.stringify(value) ?? value}`, (sink) =>
      Effect.gen(function* () {
        const dataset: Dataset.Dataset = holding(columns[type]);
        yield* sink.ensure(dataset);
        const row = { id: 777, value } as Dataset.Row<typeof dataset>;
        const error = yield* refusal(sink, sink.upsert(dataset, [row]), "constraint");
        expect(error.message).toContain("777");
        expect(yield* stored(sink, dataset)).toEqual([]);
      }));
  }

  for (const value of longDecimals) {
    test(`K73: a decimal of many digits is held as it is, or refused and named: ${value}`, (sink) =>
      Effect.gen(function* () {
        const dataset = holding(columns.decimal);
        yield* sink.ensure(dataset);
        const rows = [{ id: 777, value }];
        const exit = yield* Effect.exit(sink.upsert(dataset, rows));
        if (Exit.isFailure(exit)) {
          const error = yield* refusal(sink, exit, "constraint");
          expect(error.message).toContain("777");
          expect(error.message).toContain("value");
        }
        expect(yield* stored(sink, dataset)).toEqual(Exit.isSuccess(exit) ? byValue(dataset, rows) : []);
      }));
  }

  test("K73: conditions with a decimal of many digits find what they find by its exact value", (sink) =>
    Effect.gen(function* () {
      const dataset = holding(columns.decimal);
      yield* sink.ensure(dataset);
      const held = ["-1234567.1234568", "0.1", "0.10000000000000002", "9007199254740992", "9007199254740994"];
      yield* sink.upsert(dataset, held.map((value, id) => ({ id, value })));
      for (const value of longDecimals) {
        for (const op of ["eq", "gte", "lt"] as const) {
          const rows = yield* selected(sink, dataset, { where: [on(dataset)[op]("value", value)] });
          const found = held.filter((one) => {
            const order = Decimal.compare(one, value);
            return op === "eq" ? order === 0 : op === "gte" ? order >= 0 : order < 0;
          });
          expect(rows.map((row) => row.value).toSorted(), `${op} ${value}`).toEqual(found.toSorted());
        }
      }
    }));
};
