import { Dataset } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { faultOf } from "../columns.ts";
import { BinaryRows } from "./BinaryRows.ts";
import { ByteWriter } from "./ByteWriter.ts";
import { writeNumeric } from "./numeric.ts";
import { textRows } from "./textRows.ts";

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const numeric = (text: string): string | undefined => {
  const out = new ByteWriter(8);
  return writeNumeric(out, text) ? hex(out.take()) : undefined;
};

describe("writeNumeric", () => {
  it("writes what numeric_send of PostgreSQL 15 writes", () => {
    // From `select encode(numeric_send(...), 'hex')`; leading and trailing groups of zeros may stay.
    expect(numeric("1234.55")).toBe("0002" + "0000" + "0000" + "0002" + "04d2" + "157c");
    expect(numeric("-12345.6")).toBe("0003" + "0001" + "4000" + "0001" + "0001" + "0929" + "1770");
    expect(numeric("0.0025")).toBe("0002" + "0000" + "0000" + "0004" + "0000" + "0019");
  });

  it("refuses what is no plain decimal", () => {
    for (
      const text of ["", "-", ".", "1.", ".5", "+1", "1e5", "NaN", "Infinity", "1.2.3", "0x10", " 1", "1,5"]
    ) {
      expect(numeric(text), text).toBeUndefined();
    }
  });
});

describe("BinaryRows", () => {
  const column = { columns: { value: Dataset.int32() } };

  it("adds a row whole or not at all", () => {
    const rows = new BinaryRows(Dataset.make({ name: "t", ...column, key: ["value"] }).columns, 64);
    expect(rows.add({ value: 7 })).toBeUndefined();
    const length = rows.length;
    expect(rows.add({ value: 7.5 })).toMatchObject({ column: "value" });
    expect(rows.add({})).toMatchObject({ column: "value", message: "has no value" });
    expect(rows.add({ value: null })).toMatchObject({ column: "value", message: "is required and null" });
    expect(rows.length).toBe(length);
    expect(hex(rows.take())).toBe("0001" + "00000004" + "00000007");
  });

  it("takes exactly the values that fit their column", () => {
    const makers = {
      int32: Dataset.int32,
      int64: Dataset.int64,
      decimal: Dataset.decimal,
      text: Dataset.text,
      boolean: Dataset.boolean,
      date: Dataset.date,
      timestamp: Dataset.timestamp,
      json: Dataset.json,
    };
    const anything = fc.oneof(
      fc.anything(),
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^-?\d{0,5}\.?\d{0,5}$/),
      fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d$/),
      fc.constantFrom("\ud800", "a\0b", -0, 2 ** 53, 1e300, 8.64e15 + 1, -210_866_803_200_001, "0000-02-29"),
    );
    for (const [type, make] of Object.entries(makers)) {
      const definition: Dataset.Column = make();
      const rows = new BinaryRows({ value: definition }, 1_024);
      fc.assert(
        fc.property(anything, (value) => {
          const refused = rows.add({ value }) !== undefined;
          rows.take();
          expect(refused, type).toBe(faultOf(definition, value) !== undefined);
        }),
        { numRuns: 1_000 },
      );
    }
  });
});

describe("textRows", () => {
  const read = textRows([["id", "int64"], ["note", "text"], ["at", "timestamp"], ["extra", "json"]]);

  it("reads lines of COPY, escapes and nulls included", () => {
    expect(read(
      '1\ta\\tb\\\\N\\n\t2024-01-01 00:00:00+00\t{"a": 1}\n' +
        "-2\t\\N\t\\N\t\\N\n" +
        "3\t\t1970-01-01 00:00:00.001+00\tnull\n",
    )).toEqual([
      { id: 1, note: "a\tb\\N\n", at: 1_704_067_200_000, extra: { a: 1 } },
      { id: -2, note: null, at: null, extra: null },
      { id: 3, note: "", at: 1, extra: null },
    ]);
    expect(read("")).toEqual([]);
  });
});
