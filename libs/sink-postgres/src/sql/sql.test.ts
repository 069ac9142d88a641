import { Dataset, Where } from "@candlewick/core";
import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { KeyOrder, repeatedRow } from "../keys.ts";
import { arrayText, identifier, literal } from "./quote.ts";
import { asLiteral, asParameters, inSlice, spanOf, whereFault, whereSql } from "./where.ts";

const dataset = Dataset.make({
  name: "t",
  columns: {
    id: Dataset.int64(),
    name: Dataset.text(),
    price: Dataset.nullable(Dataset.decimal()),
  },
  key: ["id", "name"],
});
const { eq, gte, isNotNull, isNull, lt } = Where.on(dataset);
const within = Where.on(dataset).in;

describe("quoting", () => {
  it("doubles what would end a name, a literal or an element", () => {
    expect(identifier('a"b')).toBe('"a""b"');
    expect(literal("it's")).toBe("'it''s'");
    expect(arrayText("text", ['a"b', "c\\d", "null", ""])).toBe('{"a\\"b","c\\\\d","null",""}');
  });
});

describe("conditions", () => {
  it("become SQL with literals or with parameters", () => {
    const where = [eq("id", 5), gte("name", "a'b"), isNull("price"), within("id", [1, 2])];
    expect(whereSql(dataset.columns, where, "t.", asLiteral)).toBe(
      `t."id" = '5'::bigint and t."name" collate "C" >= 'a''b'::text and t."price" is null` +
        ` and t."id" = any ('{"1","2"}'::bigint[])`,
    );
    const { bind, values } = asParameters();
    expect(whereSql(dataset.columns, [eq("id", 5), lt("price", "1.50")], "", bind)).toBe(
      `"id" = $1::bigint and "price" < $2::numeric`,
    );
    expect(values).toEqual(["5", "1.50"]);
    expect(whereSql(dataset.columns, [], "", asLiteral)).toBe("true");
  });

  it("are refused by name when a column or a value does not fit", () => {
    expect(whereFault(dataset, [{ op: "isNull", column: "absent" }])).toContain("absent");
    expect(whereFault(dataset, [{ op: "isNull", column: "toString" }])).toContain("toString");
    expect(whereFault(dataset, [{ op: "eq", column: "id", value: 1.5 }])).toContain('"id"');
    expect(whereFault(dataset, [{ op: "in", column: "id", values: [1, null] }])).toContain("null");
    expect(whereFault(dataset, [eq("id", 1), isNotNull("price")])).toBeUndefined();
  });

  it("test rows in memory as the database does", () => {
    const row = { id: 5, name: "b", price: "10.0" };
    const test = (...slice: ReadonlyArray<Where.Condition>) => inSlice(dataset.columns, slice)(row);
    expect(test(eq("price", "10"), within("price", ["9", "10.00"]), gte("price", "9.5"))).toBe(true);
    expect(test(lt("price", "10"))).toBe(false);
    expect(test(isNull("price"))).toBe(false);
    expect(inSlice(dataset.columns, [gte("price", "0")])({ ...row, price: null })).toBe(false);
  });
});

describe("keys", () => {
  const rows = fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 0, max: 3 }), name: fc.string({ unit: "binary", maxLength: 2 }) }),
    { selector: ({ id, name }) => `${id} ${name}`, maxLength: 12 },
  );
  const sorted = rows.map((some) => {
    const bytes = (text: string) =>
      Array.from(text, (c) => String.fromCharCode(...new TextEncoder().encode(c))).join("");
    return some.toSorted((a, b) => a.id - b.id || (bytes(a.name) < bytes(b.name) ? -1 : 1));
  });

  it("rise when they come in the order of the database: numbers by value, text by its bytes", () => {
    fc.assert(fc.property(sorted, (some) => {
      const order = new KeyOrder(dataset);
      some.forEach((row) => order.add(row));
      expect(order.rising).toBe(true);
    }));
  });

  it("rise no more once one repeats or falls back", () => {
    fc.assert(fc.property(sorted.filter((some) => some.length > 1), fc.nat(), (some, at) => {
      const order = new KeyOrder(dataset);
      [...some, some[at % some.length]!].forEach((row) => order.add(row));
      expect(order.rising).toBe(false);
      expect(order.span).toBeUndefined();
    }));
  });

  it("lie all within the span of the first and the last", () => {
    fc.assert(fc.property(sorted.filter((some) => some.length > 0), (some) => {
      const span = spanOf(dataset, [some[0]!, some.at(-1)!])!;
      const least = span.map((condition) =>
        condition.op === "lte" ? { ...condition, op: "lt" as const } : condition
      );
      const inside = inSlice(dataset.columns, least as Where.Where);
      for (const row of some) {
        const atEnd = span.some((condition) =>
          condition.op === "lte" && row[condition.column as "id"] === condition.value
        );
        expect(inside(row) || atEnd).toBe(true);
      }
    }));
  });

  it("have no span while a value of theirs does not fit", () => {
    expect(spanOf(dataset, [{ id: 1.5, name: "a" }, { id: 2, name: "a" }])).toBeUndefined();
  });

  it("that repeat are found in any order, decimals by value", () => {
    const priced = Dataset.make({ name: "p", columns: { price: Dataset.decimal() }, key: ["price"] });
    expect(repeatedRow(priced, [{ price: "1.0" }, { price: "2" }, { price: "1.00" }])).toEqual({
      price: "1.00",
    });
    expect(repeatedRow(priced, [{ price: "1.0" }, { price: "-1" }])).toBeUndefined();
    fc.assert(fc.property(rows, (some) => {
      expect(repeatedRow(dataset, some)).toBeUndefined();
    }));
  });
});
