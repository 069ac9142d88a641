import { Dataset, Where } from "@candlewick/core";
import { describe, expect, it } from "vitest";
import { jsonText } from "./json.ts";
import { identifier, identifiers, literal } from "./quote.ts";
import { comparedOf, describeSql, differsSql, sameKeySql, viewQuery } from "./statements.ts";
import { type Comparisons, conditionsSql, whereFaultBy } from "./where.ts";

const dataset = Dataset.make({
  name: "t",
  description: "It's a table",
  columns: {
    id: Dataset.int64("Of the exchange"),
    name: Dataset.text(),
    price: Dataset.nullable(Dataset.decimal()),
    seen: Dataset.bookkeeping(Dataset.timestamp()),
  },
  key: ["id", "name"],
});
const { eq, gte, isNotNull, isNull, lt } = Where.on(dataset);
const within = Where.on(dataset).in;

describe("quoting", () => {
  it("doubles what would end a name or a literal", () => {
    expect(identifier('a"b')).toBe('"a""b"');
    expect(identifiers(["a", 'b"'], "t.")).toBe('t."a", t."b"""');
    expect(literal("it's \\")).toBe("'it''s \\'");
  });
});

describe("JSON", () => {
  it("is refused where stores cannot read it: half a character, NUL, what is no JSON", () => {
    for (const value of ["\ud83d", "a\0b", { "\ud83d": 1 }, undefined, 1n]) {
      expect(jsonText(value)).toBeUndefined();
    }
    expect(jsonText("\\u0000 \\ud83d \u{1f600}")).toBe(JSON.stringify("\\u0000 \\ud83d \u{1f600}"));
  });
});

describe("conditions", () => {
  const comparisons: Comparisons = {
    compare: (type, column, operator, value) => `${column} ${operator} ${value}::${type}`,
    isIn: (type, column, values) => `${column} in ${JSON.stringify(values)}::${type}`,
  };

  it("become SQL, with values as the database writes them", () => {
    const where = [eq("id", 5), gte("name", "a"), lt("price", "2"), isNull("price"), within("id", [1, 2])];
    expect(
      conditionsSql(
        dataset.columns,
        [...where, { op: "lte", column: "id", value: 9 }, isNotNull("price")],
        "t.",
        comparisons,
      ),
    ).toBe(
      `t."id" = 5::int64 and t."name" >= a::text and t."price" < 2::decimal and t."price" is null` +
        ` and t."id" in [1,2]::int64 and t."id" <= 9::int64 and t."price" is not null`,
    );
    expect(conditionsSql(dataset.columns, [], "t.", comparisons)).toBe("true");
  });

  it("are refused by name when a column or a value does not fit", () => {
    const whereFault = whereFaultBy((_, value) => value === 1.5 ? "is no whole number" : undefined);
    expect(whereFault(dataset, [{ op: "isNull", column: "absent" }])).toContain("absent");
    expect(whereFault(dataset, [{ op: "isNull", column: "toString" }])).toContain("toString");
    expect(whereFault(dataset, [{ op: "eq", column: "id", value: 1.5 }])).toBe(
      `column "id" of dataset t: is no whole number`,
    );
    expect(whereFault(dataset, [{ op: "in", column: "id", values: [1, null] }])).toContain("null");
    expect(whereFault(dataset, [eq("id", 1), isNotNull("price")])).toBeUndefined();
  });
});

describe("rows that are given", () => {
  it("meet the stored row of their key, and differ from it in what is compared", () => {
    expect(sameKeySql(dataset)).toBe(`t."id" = s."id" and t."name" = s."name"`);
    expect(comparedOf(dataset)).toEqual(["price"]);
    expect(differsSql(dataset)).toBe(`t."id" is null or t."price" is distinct from s."price"`);
  });
});

describe("a definition", () => {
  it("is described where the database does not say so yet", () => {
    expect(describeSql(dataset, "main.t")).toEqual([
      "comment on table main.t is 'It''s a table'",
      `comment on column main.t."id" is 'Of the exchange'`,
    ]);
    const stored = {
      comment: "It's a table",
      columns: [{ name: "id", comment: null }, { name: "name", comment: "Old" }],
    };
    expect(describeSql(dataset, "t", stored)).toEqual([
      `comment on column t."id" is 'Of the exchange'`,
      `comment on column t."name" is null`,
    ]);
  });

  it("of a view keeps rows of the base without a partner", () => {
    const view: Dataset.View = {
      name: "v",
      description: "",
      base: dataset,
      joined: { ...dataset, name: "other" },
      on: [["id", "id"]],
      adds: ["price"],
    };
    expect(viewQuery(view, (name) => `main.${name}`)).toBe(
      `select b."id", b."name", b."price", b."seen", j."price" from main.t b left join main.other j on b."id" = j."id"`,
    );
  });
});
