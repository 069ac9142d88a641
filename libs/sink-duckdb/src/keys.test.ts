import { Dataset } from "@candlewick/core";
import { compareText, repeatedRow } from "@candlewick/sql-store";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeySpan } from "./keys.ts";

const dataset = Dataset.make({
  name: "keyed",
  columns: { n: Dataset.int64(), text: Dataset.text(), price: Dataset.decimal() },
  key: ["n", "text", "price"],
});

const row = fc.record({
  n: fc.integer({ min: 0, max: 3 }),
  text: fc.constantFrom("", "a", "b", "\uff5e", "\u{1f600}"),
  price: fc.constantFrom("1", "1.0", "2.5", "-1"),
});

const bytes = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");

describe("keys of given rows", () => {
  it("rise when each is above the one before, and then none comes twice", () =>
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const span = new KeySpan(dataset);
        for (const one of rows) span.add(one);
        const keys = rows.map(({ n, price, text }) => ({ n, text, price: Number(price) }));
        const isBelow = (left: typeof keys[number], right: typeof keys[number]) =>
          left.n !== right.n
            ? left.n < right.n
            : left.text !== right.text
            ? bytes(left.text) < bytes(right.text)
            : left.price < right.price;
        expect(span.rising).toBe(keys.every((key, i) => i === 0 || isBelow(keys[i - 1]!, key)));
        const distinct = new Set(keys.map((key) => JSON.stringify(key))).size;
        expect(repeatedRow(dataset, rows) === undefined).toBe(distinct === rows.length);
        if (span.rising) expect(distinct).toBe(rows.length);
      }),
      { numRuns: 1_000 },
    ));

  it("lie, column by column, between the extents", () =>
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const span = new KeySpan(dataset);
        for (const one of rows) span.add(one);
        const [n, text, price] = span.extents;
        expect([n!.least, n!.greatest]).toEqual([
          Math.min(...rows.map((one) => one.n)),
          Math.max(...rows.map((one) => one.n)),
        ]);
        const texts = rows.map((one) => one.text).toSorted(compareText);
        expect([text!.least, text!.greatest]).toEqual([texts[0], texts.at(-1)]);
        const prices = rows.map((one) => Number(one.price));
        expect([Number(price!.least), Number(price!.greatest)]).toEqual([
          Math.min(...prices),
          Math.max(...prices),
        ]);
      }),
      { numRuns: 500 },
    ));
});
