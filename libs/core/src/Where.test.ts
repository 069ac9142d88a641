import { expect, it } from "@effect/vitest";
import * as Dataset from "./Dataset.ts";
import * as Where from "./Where.ts";

it("Where.on builds plain conditions, typed by the dataset", () => {
  const dataset = Dataset.make({
    name: "d",
    columns: { id: Dataset.int64(), note: Dataset.nullable(Dataset.text()) },
    key: ["id"],
  });
  const where = Where.on(dataset);
  expect([
    where.eq("id", 1),
    where.in("note", ["a"]),
    where.gte("id", 2),
    where.lt("id", 3),
    where.isNull("note"),
    where.isNotNull("note"),
  ]).toEqual([
    { op: "eq", column: "id", value: 1 },
    { op: "in", column: "note", values: ["a"] },
    { op: "gte", column: "id", value: 2 },
    { op: "lt", column: "id", value: 3 },
    { op: "isNull", column: "note" },
    { op: "isNotNull", column: "note" },
  ]);
  // @ts-expect-error a value of another type than the column's
  where.eq("id", "1");
  // @ts-expect-error a column that is not there
  where.isNull("absent");
});
