import { Dataset } from "@candlewick/core";
import { Schema } from "effect";
import { describe, expect, it } from "vitest";
import { misfits, type Terms } from "./evolve.ts";
import { namingBy, shownName } from "./names.ts";
import { columnFields, columnFieldsOf, datasetFields, datasetFieldsOf } from "./registry.ts";
import { orderOf, selectionFaultBy } from "./select.ts";

const dataset = Dataset.make({
  name: "t",
  columns: { id: Dataset.int64(), price: Dataset.decimal(), note: Dataset.nullable(Dataset.text()) },
  key: ["id"],
  indexes: [{ columns: ["price"] }, { columns: ["note"], unique: true }],
});

describe("names", () => {
  const tooLong = (most: number) => (name: string) =>
    name.length > most ? `the name ${shownName(name)} is too long` : undefined;
  const { namesFault, definitionFault } = namingBy({ tableFault: tooLong(3), columnFault: tooLong(5) });

  it("are judged as those of a table and its columns", () => {
    expect(namesFault(dataset)).toBeUndefined();
    expect(namesFault({ ...dataset, name: "table" })).toBe('the name "table" is too long');
    expect(namesFault({ ...dataset, columns: { ...dataset.columns, column: Dataset.int32() } })).toBe(
      'the name "column" is too long',
    );
    expect(shownName("n".repeat(100))).toBe(`"${"n".repeat(80)}…"`);
  });

  it("have descriptions that a database can hold", () => {
    expect(namesFault({ ...dataset, description: "a\0b" })).toContain("NUL");
    expect(namesFault({ ...dataset, columns: { id: Dataset.int64("a\0b") } })).toContain("NUL");
  });

  it("of a view's columns are those of its datasets", () => {
    const view: Dataset.View = {
      name: "v",
      description: "",
      base: dataset,
      joined: dataset,
      on: [["id", "id"]],
      adds: ["price"],
    };
    expect(definitionFault(view)).toBeUndefined();
    expect(definitionFault({ ...view, name: "view" })).toContain("too long");
    expect(definitionFault({ ...view, adds: ["absent"] })).toBe('dataset t has no column "absent"');
    expect(definitionFault({ ...view, on: [["gone", "id"]] })).toBe('dataset t has no column "gone"');
  });
});

describe("a stored table", () => {
  const terms: Terms = {
    types: {
      int32: "int",
      int64: "bigint",
      decimal: "numeric",
      text: "text",
      boolean: "boolean",
      date: "date",
      timestamp: "timestamp",
      json: "json",
    },
    key: "primary key",
    requiring: (table, column) => ` (alter ${table}.${column})`,
  };
  const id = { name: "id", type: "bigint", required: true };
  const price = { name: "price", type: "numeric", required: true };
  const faults = (columns: Parameters<typeof misfits>[1]["columns"], hasRows = true, key = ["id"]) =>
    misfits(dataset, { columns, key }, hasRows, terms);

  it("fits when nothing is lost by what the dataset adds", () => {
    expect(faults([id, price])).toEqual([]);
    expect(faults([id], false)).toEqual([]);
    expect(faults([id, price, { name: "old", type: "text", required: false }])).toEqual([]);
    expect(faults([id, price, { name: "serial", type: "int", required: true, filled: true }])).toEqual([]);
  });

  it("does not fit when rows would lose or lack a value", () => {
    expect(faults([id])).toEqual([
      'column "price" is new and required, and the stored rows have no value for it',
    ]);
    expect(faults([id, { ...price, type: "text" }])).toEqual([
      'column "price" is text in the database and numeric in the dataset',
    ]);
    expect(faults([id, { ...price, required: false }])).toEqual([
      'column "price" may be null in the database and is required in the dataset (alter t.price)',
    ]);
    expect(faults([id, price, { name: "old", type: "text", required: true }])).toEqual([
      'column "old" is required in the database and gone from the dataset',
    ]);
    expect(faults([id, price], false, ["id", "price"])).toEqual([
      "the primary key is (id, price) in the database and (id) in the dataset",
    ]);
  });

  it("is noted with all that makes its dataset again", () => {
    const Noted = Schema.Struct({
      ...datasetFields,
      columns: Schema.Record(Schema.String, Schema.Struct(columnFields)),
    });
    const noted = (described: Dataset.Dataset) => ({
      ...datasetFieldsOf(described),
      columns: Object.fromEntries(
        Object.entries(described.columns).map(([name, column]) => [name, columnFieldsOf(column)]),
      ),
    });
    const back = Schema.decodeUnknownSync(Schema.fromJsonString(Noted))(JSON.stringify(noted(dataset)));
    expect({ name: "t", ...back }).toEqual(dataset);
    expect(noted({ ...dataset, description: "half a \ud83d" }).description).toBe("half a \ufffd");
  });
});

describe("a selection", () => {
  const selectionFault = selectionFaultBy(
    () => undefined,
    (_, where) => where.length > 0 ? "where" : undefined,
  );

  it("is ordered by columns, up or down", () => {
    expect(orderOf({ orderBy: ["id", ["price", "desc"]] })).toEqual([
      { name: "id", isDescending: false },
      { name: "price", isDescending: true },
    ]);
    expect(orderOf({})).toEqual([]);
  });

  it("cannot be answered when it asks for what is not there", () => {
    expect(selectionFault(dataset, {})).toBeUndefined();
    expect(selectionFault(dataset, { columns: ["absent"] })).toBe('dataset t has no column "absent"');
    expect(selectionFault(dataset, { orderBy: [["toString", "desc"]] })).toContain("toString");
    expect(selectionFault(dataset, { columns: [] })).toBe("no column is asked for");
    expect(selectionFault(dataset, { limit: 0 })).toBeUndefined();
    for (const limit of [-1, 1.5, NaN]) {
      expect(selectionFault(dataset, { limit })).toBe(`the limit ${limit} is no number of rows`);
    }
    expect(selectionFault(dataset, { where: [{ op: "isNull", column: "note" }] })).toBe("where");
    expect(selectionFaultBy(() => "named", () => "where")(dataset, {})).toBe("named");
  });
});
