import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultBy, fits } from "./ColumnValue.ts";
import * as Dataset from "./Dataset.ts";
import { arbitraries } from "./testing/sink/arbitraries.ts";

const columns = {
  int32: Dataset.int32(),
  int64: Dataset.int64(),
  decimal: Dataset.decimal(),
  text: Dataset.text(),
  boolean: Dataset.boolean(),
  date: Dataset.date(),
  timestamp: Dataset.timestamp(),
  json: Dataset.json(),
};
const types = Object.keys(columns) as Array<Dataset.ColumnType>;
const faultOf = faultBy(fits);

describe("a value for a column", () => {
  it.each(types)("of type %s fits when it is one", (type) => {
    fc.assert(fc.property(arbitraries[type], (value) => {
      expect(faultOf(columns[type], value)).toBeUndefined();
    }));
  });

  it.each(
    [
      ["int32", 2 ** 31],
      ["int32", 0.5],
      ["int64", 2 ** 53],
      ["int64", "1"],
      ["decimal", "1e5"],
      ["decimal", 1],
      ["text", "a\0b"],
      ["text", "\ud800"],
      ["boolean", 1],
      ["date", "2024-02-30"],
      ["timestamp", Number.NaN],
      ["json", undefined],
      ["json", Symbol("no JSON")],
    ] as const,
  )("of type %s is refused when it is %s", (type, value) => {
    expect(faultOf(columns[type], value)).toBeTypeOf("string");
  });

  it("can be anything at all", () => {
    fc.assert(fc.property(fc.anything(), fc.constantFrom(...types), (value, type) => {
      faultOf(columns[type], value);
    }));
    expect(faultOf(columns.text, { toString: 0 })).toContain("object");
  });

  it("may be null only where the column says so", () => {
    for (const type of types) {
      expect(faultOf(columns[type], null)).toBe("is required and null");
      expect(faultOf(Dataset.nullable(columns[type]), null)).toBeUndefined();
    }
  });

  it("is cut when it is long, and the fault says what was expected", () => {
    const fault = faultOf(columns.date, "x".repeat(1_000));
    expect(fault).toContain("a day that exists, YYYY-MM-DD");
    expect(fault!.length).toBeLessThan(140);
  });
});
