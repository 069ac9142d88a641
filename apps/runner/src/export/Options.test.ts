import { Result } from "effect";
import { describe, expect, it } from "vitest";
import { readFlags } from "./Options.ts";

const problems = (...args: ReadonlyArray<string>) => {
  const read = readFlags(["export", ...args]);
  if (Result.isSuccess(read)) throw new Error("was not refused");
  return read.failure;
};

describe("the command line of export", () => {
  it("needs the file and takes defaults for the rest", () => {
    expect(problems()).toEqual(["--out is missing: give --out=FILE"]);
    expect(Result.getOrThrow(readFlags(["export", "--out=a.parquet"]))).toMatchObject({
      out: "a.parquet",
      format: undefined,
      interval: "day",
      symbols: [],
      from: undefined,
      to: undefined,
      prices: "double",
      final: false,
      overwrite: false,
    });
  });

  it("reads what is given", () => {
    const flags = readFlags([
      "export",
      "--out=a",
      "--format=csv",
      "--symbols=NSE:INFY,NSE:M&M",
      "--prices=exact",
      "--final",
      "--overwrite",
      "--sink=duckdb",
      "--json",
    ]);
    expect(Result.getOrThrow(flags)).toMatchObject({
      format: "csv",
      symbols: ["NSE:INFY", "NSE:M&M"],
      prices: "exact",
      final: true,
      overwrite: true,
      common: { sink: "duckdb", json: true },
    });
  });

  it("refuses what it does not know, all problems at once", () => {
    expect(problems("--out=a.csv", "--dag=historic", "--interval=week", "--from=2024-02-30")).toHaveLength(3);
    expect(problems("--out=a.csv", "--symbol=NSE:INFY")[0]).toContain("--symbols");
    expect(problems("--out=a.csv", "--from=2024-02-02", "--to=2024-02-01")).toEqual([
      "--from=2024-02-02 is after --to=2024-02-01",
    ]);
  });
});
