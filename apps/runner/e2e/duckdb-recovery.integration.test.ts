import { readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRealProject, type TestProject } from "../testing/project.ts";
import { query } from "./duckdb.ts";

describe("a damaged DuckDB file", () => {
  let project: TestProject;
  const folder = () => project.path(".candlewick/duckdb");
  const file = () => join(folder(), "sandbox.duckdb");
  const historic = (to: string) =>
    project.run([
      "--dag=historic",
      "--sandbox",
      "--sink=duckdb",
      "--symbols=NSE:BEESWAX,NSE:WICKFIN",
      "--from=2024-01-01",
      `--to=${to}`,
    ]);
  const candles = () =>
    query(
      `attach '${file()}' as store (read_only)`,
      "select instrument_id, ts, open, high, low, close, volume from store.kite_ohlcv_historic order by all",
    );

  beforeAll(() => void (project = makeRealProject()));
  afterAll(() => project.remove());

  it(
    "is set aside and rebuilt from the last backup, the run says so, and fetches again what is missing",
    async () => {
      expect((await historic("2024-03-28")).code).toBe(0);
      const backup = await project.run(["db", "backup", "--sandbox", "--sink=duckdb"]);
      expect(backup.code, backup.err).toBe(0);
      expect((await historic("2024-06-28")).code).toBe(0);
      const before = await candles();

      truncateSync(file(), 5_000);
      const { code, err } = await historic("2024-06-28");
      expect(code, err).toBe(0);
      expect(err).toContain("sandbox.duckdb is damaged");
      expect(err).toMatch(/set aside as sandbox\.duckdb\.damaged-\d{8}T\d{6}Z/);
      expect(err).toMatch(/rebuilt from the backup \d{8}T\d{6}Z/);
      expect(err).toContain("fetches again what is missing");
      expect(await candles()).toEqual(before);
      expect(readdirSync(folder()).filter((name) => /\.damaged-\d{8}T\d{6}Z$/.test(name))).toHaveLength(1);
    },
    120_000,
  );

  it("is no reason to touch a file of somebody else's", async () => {
    project.write("notes.txt", "not a database\n".repeat(1_000));
    const { code, err } = await project.run(["db", "status", "--no-sandbox", "--sink=duckdb"], {
      DUCKDB_PATH: "notes.txt",
    });
    expect(code).toBe(1);
    expect(err).toContain("left as it is");
    expect(project.read("notes.txt")).toBe("not a database\n".repeat(1_000));
  }, 60_000);
});
