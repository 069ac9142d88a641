import { Text } from "@candlewick/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { alignedRows } from "./Table.ts";

it("aligns figures to the right and words to the left", () => {
  const { header, lines } = alignedRows(["unit", "rows"], [["NSE:A", 5], ["NSE:LONGER", 12_345], ["x", "-"]]);
  expect([header, ...lines]).toEqual([
    "unit          rows",
    "NSE:A            5",
    "NSE:LONGER  12,345",
    "x                -",
  ]);
});

it("a short row has empty cells, a long one loses what has no column", () => {
  expect(alignedRows(["a", "b"], [["x"], ["y", "z", "lost"]]).lines).toEqual(["x", "y  z"]);
});

it("every number of a table stands in its line, exactly", () => {
  const row = fc.tuple(fc.stringMatching(/^[A-Z]{1,12}$/), fc.maxSafeInteger(), fc.maxSafeInteger());
  fc.assert(fc.property(fc.array(row, { minLength: 1 }), (rows) => {
    const { header, lines } = alignedRows(["name", "first", "second"], rows);
    lines.forEach((line, index) => {
      expect(line.split(/ +/)).toEqual([
        rows[index]![0],
        Text.number(rows[index]![1]),
        Text.number(rows[index]![2]),
      ]);
      expect(line.length).toBe(lines[0]!.length);
    });
    expect(header.length).toBeLessThanOrEqual(lines[0]!.length);
  }));
});
