import { Dataset, Where } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText, inSlice } from "./order.ts";
import { describeKeyBy, repeatedRow } from "./rows.ts";

const dataset = Dataset.make({
  name: "keyed",
  columns: {
    n: Dataset.int64(),
    text: Dataset.text(),
    price: Dataset.decimal(),
    close: Dataset.nullable(Dataset.decimal()),
  },
  key: ["n", "text", "price"],
});

const bytes = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");

describe("text", () => {
  it("is ordered as its bytes are", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
        const order = bytes(left) < bytes(right) ? -1 : bytes(left) > bytes(right) ? 1 : 0;
        expect(Math.sign(compareText(left, right))).toBe(order);
      }),
    ));
});

describe("a key that repeats", () => {
  it("is found in any order, decimals by value", () => {
    const priced = Dataset.make({ name: "p", columns: { price: Dataset.decimal() }, key: ["price"] });
    expect(repeatedRow(priced, [{ price: "1.0" }, { price: "2" }, { price: "1.00" }])).toEqual({
      price: "1.00",
    });
    expect(repeatedRow(priced, [{ price: "1.0" }, { price: "-1" }])).toBeUndefined();
  });

  it("is found exactly when there is one", () => {
    const key = fc.tuple(fc.constantFrom(1, 2), fc.constantFrom("a", ""), fc.constantFrom("1", "1.0", "-1"));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), (keys) => {
        const rows = keys.map(([n, text, price]) => ({ n, text, price }));
        const distinct = new Set(keys.map(([n, text, price]) => `${n} ${text} ${Number(price)}`));
        expect(repeatedRow(dataset, rows) === undefined).toBe(distinct.size === rows.length);
      }),
      { numRuns: 500 },
    );
  });

  it("is shown column by column, long values cut", () => {
    const describeKey = describeKeyBy((column, value) => `${column.type} ${value}`);
    expect(describeKey(dataset, { n: 1, text: "x".repeat(80), price: "2" })).toBe(
      `n=int64 1, text=text ${"x".repeat(55)}..., price=decimal 2`,
    );
  });
});

describe("rows in memory", () => {
  const { eq, gte, in: within, isNotNull, isNull, lt } = Where.on(dataset);
  const one = { n: 5, text: "b", price: "10.0", close: "1" };
  const test = (...slice: ReadonlyArray<Where.Condition>) => inSlice(dataset.columns, slice)(one);

  it("are tested as a database tests them", () => {
    expect(test(eq("price", "10"), within("price", ["9", "10.00"]), gte("price", "9.5"))).toBe(true);
    expect(test(lt("price", "10"))).toBe(false);
    expect(test(isNotNull("close"))).toBe(true);
    expect(test(isNull("close"))).toBe(false);
    expect(test()).toBe(true);
  });

  it("fulfil no comparison with a null", () => {
    for (const condition of [eq("close", "0"), gte("close", "0"), lt("close", "0"), within("close", ["0"])]) {
      expect(inSlice(dataset.columns, [condition])({ ...one, close: null })).toBe(false);
    }
  });
});
