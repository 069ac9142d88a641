import { Manifest } from "@candlewick/core";
import { describe, expect, it } from "vitest";
import { writerOf } from "./Target.ts";

const sink = (id: string, formats?: ReadonlyArray<string>): Manifest.Declared => ({
  packageName: `sink-${id}`,
  folder: `/libs/sink-${id}`,
  manifest: {
    kind: "sink",
    id,
    entry: "./src/plugin.ts",
    core: Manifest.coreVersion,
    summary: "",
    ...(formats === undefined ? {} : { formats }),
  },
});

const sinks = [sink("zebra", ["parquet", "arrow"]), sink("plain"), sink("ant", ["parquet", "csv"])];

const writer = (out: string, format: string | undefined, chosen: string) => {
  const found = writerOf(sinks, chosen, { out, format });
  return "problem" in found ? found.problem : [found.format, found.plugin.manifest.id];
};

describe("who writes a file", () => {
  it("follows from the ending, whatever its case, or from --format", () => {
    expect(writer("a/b.csv", undefined, "plain")).toEqual(["csv", "ant"]);
    expect(writer("B.ARROW", undefined, "plain")).toEqual(["arrow", "zebra"]);
    expect(writer("b.csv", "arrow", "plain")).toEqual(["arrow", "zebra"]);
  });

  it("is the chosen sink where it can, else the first by id", () => {
    expect(writer("b.parquet", undefined, "zebra")).toEqual(["parquet", "zebra"]);
    expect(writer("b.parquet", undefined, "plain")).toEqual(["parquet", "ant"]);
  });

  it("is nobody for a format that no plugin knows", () => {
    expect(writer("b.xlsx", undefined, "ant")).toBe(
      `--out=b.xlsx: ".xlsx" is the ending of no known format: take .arrow or .csv or .parquet, or give --format`,
    );
    expect(writer("b", undefined, "ant")).toContain("the file has no ending");
    expect(writer("b.csv", "parqet", "ant")).toBe('--format=parqet: did you mean "parquet"?');
    expect(writer("b.csv", "xlsx", "ant")).toContain("there is arrow, csv, parquet");
    expect(writerOf([sink("plain")], "plain", { out: "b.csv", format: undefined })).toHaveProperty("problem");
  });
});
