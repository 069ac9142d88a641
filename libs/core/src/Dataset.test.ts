import { describe, expect, it } from "@effect/vitest";
import * as Dataset from "./Dataset.ts";

const columns = {
  id: Dataset.int64(),
  ts: Dataset.timestamp(),
  note: Dataset.nullable(Dataset.text("a remark")),
  seen_at: Dataset.bookkeeping(Dataset.timestamp()),
  extra: Dataset.json(),
};

const made = (change: object) =>
  Dataset.make({ name: "candles", columns, key: ["id"], ...change } as Parameters<typeof Dataset.make>[0]);

describe("Dataset.make", () => {
  it("keeps the description as given", () => {
    const dataset = Dataset.make({
      name: "candles",
      description: "Candles",
      columns,
      key: ["id", "ts"],
      indexes: [{ columns: ["note"] }],
      timeSeries: { time: "ts", segmentBy: ["id"] },
    });
    expect(dataset.key).toEqual(["id", "ts"]);
    expect(Dataset.columnNames(dataset)).toEqual(["id", "ts", "note", "seen_at", "extra"]);
    expect(dataset.columns.note).toEqual({
      type: "text",
      nullable: true,
      bookkeeping: false,
      description: "a remark",
    });
    expect(dataset.columns.seen_at).toMatchObject({ nullable: false, bookkeeping: true });
    expect(dataset.timeSeries).toEqual({ time: "ts", segmentBy: ["id"] });
  });

  const refused: ReadonlyArray<readonly [what: string, change: object, named: RegExp]> = [
    ["a name that needs quoting", { name: "Candles" }, /"Candles"/],
    ["a name with a blank", { name: "my candles" }, /"my candles"/],
    ["a name that ends a statement", { name: 'x"; drop table y; --' }, /drop table/],
    ["a name longer than stores keep", { name: "x".repeat(64) }, /xxx/],
    ["an empty name", { name: "" }, /""/],
    [
      "a column that needs quoting",
      { columns: { ...columns, "Open Interest": Dataset.int64() } },
      /"Open Interest"/,
    ],
    ["an empty key", { key: [] }, /key is empty/],
    ["a key that is no column", { key: ["absent"] }, /"absent"/],
    ["a key column that may be null", { key: ["note"] }, /"note"/],
    ["a key column of bookkeeping", { key: ["seen_at"] }, /"seen_at"/],
    ["a key column of json, which has no order", { key: ["extra"] }, /"extra"/],
    ["a key that names a column twice", { key: ["id", "id"] }, /"id"/],
    ["an index that is no column", { indexes: [{ columns: ["absent"] }] }, /"absent"/],
    ["an index without columns", { indexes: [{ columns: [] }] }, /index/],
    ["a time column that is not there", { timeSeries: { time: "absent", segmentBy: [] } }, /"absent"/],
    ["a time column outside the key", { timeSeries: { time: "ts", segmentBy: [] } }, /"ts"/],
    ["a time column that holds no time", { timeSeries: { time: "id", segmentBy: [] } }, /"id"/],
    [
      "a segment that is no column",
      { key: ["ts"], timeSeries: { time: "ts", segmentBy: ["absent"] } },
      /"absent"/,
    ],
  ];
  for (const [what, change, named] of refused) {
    it(`refuses ${what}`, () => expect(() => made(change)).toThrow(named));
  }

  it("takes words of SQL as names: sinks quote them", () => {
    expect(made({ name: "order" }).name).toBe("order");
  });
});

describe("Dataset.view", () => {
  const base = made({});
  const joined = Dataset.make({
    name: "instruments",
    columns: { id: Dataset.int64(), symbol: Dataset.text(), note: Dataset.nullable(Dataset.text()) },
    key: ["id"],
  });
  const viewed = (change: object) =>
    Dataset.view({ name: "shown", base, joined, on: [["id", "id"]], adds: ["symbol"], ...change });

  it("keeps the description as given", () => {
    expect(viewed({})).toMatchObject({ name: "shown", on: [["id", "id"]], adds: ["symbol"] });
  });

  const refused: ReadonlyArray<readonly [what: string, change: object, named: RegExp]> = [
    ["a name that needs quoting", { name: "Shown" }, /"Shown"/],
    ["no column to join on", { on: [] }, /join/],
    ["a column of the base that is not there", { on: [["absent", "id"]] }, /"absent"/],
    ["a column of the joined that is not there", { on: [["id", "absent"]] }, /"absent"/],
    ["an added column that is not there", { adds: ["absent"] }, /"absent"/],
    ["an added column that the base has already", { adds: ["note"] }, /"note"/],
    ["columns of two types to join on", { on: [["id", "symbol"]] }, /"symbol"/],
  ];
  for (const [what, change, named] of refused) {
    it(`refuses ${what}`, () => expect(() => viewed(change)).toThrow(named));
  }
});
