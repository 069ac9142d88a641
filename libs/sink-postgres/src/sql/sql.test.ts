import { Dataset, Where } from "@candlewick/core";
import { inSlice } from "@candlewick/sql-store";
import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { KeyOrder } from "../keys.ts";
import { arrayText } from "./quote.ts";
import { asLiteral, asParameters, spanOf, whereSql } from "./where.ts";

const dataset = Dataset.make({
  name: "t",
  columns: {
    id: Dataset.int64(),
    name: Dataset.text(),
    price: Dataset.nullable(Dataset.decimal()),
  },
  key: ["id", "name"],
});
const { eq, gte, isNull, lt } = Where.on(dataset);
const within = Where.on(dataset).in;

describe("quoting", () => {
  it("escapes what would end an element", () => {
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
});
