import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRealProject, type TestProject } from "../testing/project.ts";
import { query } from "./duckdb.ts";

const SYMBOLS = ["NSE:BEESWAX", "NSE:TAR&TALLOW"];
const FETCHED = ["--from=2024-01-01", "--to=2024-06-28"];

/** The candles that the sandbox's store should have given, as the exporter writes them. */
const STORED =
  `select m.exchange, m.tradingsymbol, m.instrument_token, c.interval, c.ts, c.open::double as open,
  c.high::double as high, c.low::double as low, c.close::double as close, c.volume, c.oi, c.is_final
  from store.kite_ohlcv_historic c join store.kite_instrument_master m using (instrument_id)`;

describe("nx run runner:export", () => {
  let project: TestProject;

  const fetch = (sink: string) =>
    project.run(["--dag=historic", "--sandbox", `--sink=${sink}`, `--symbols=${SYMBOLS}`, ...FETCHED]);

  const exporting = (out: string, ...rest: ReadonlyArray<string>) =>
    project.run(["export", "--sandbox", `--out=${out}`, ...rest]);

  const differences = (left: string, right: string, ...before: ReadonlyArray<string>) =>
    query(...before, `(${left} except all ${right}) union all (${right} except all ${left})`);

  beforeAll(async () => {
    project = makeRealProject();
    const { code, err } = await fetch("duckdb");
    expect(code, err).toBe(0);
  }, 120_000);
  afterAll(() => project.remove());

  it(
    "writes what the store has, row for row, in the order of symbol and time, and tells what it wrote",
    async () => {
      const { code, err, out } = await exporting("all.parquet", "--sink=duckdb");
      expect(code, err).toBe(0);
      expect(out).toMatch(
        /^Wrote 246 candles of 2 instruments at interval day, 2024-01-01 to 2024-06-28, .* KB: \/.*all\.parquet\n/,
      );
      const file = project.path("all.parquet");
      const attach = `attach '${project.path(".candlewick/duckdb/sandbox.duckdb")}' as store (read_only)`;
      expect(await differences(`from '${file}'`, STORED, attach)).toEqual([]);
      const [order] = await query(
        `select list((exchange, tradingsymbol, ts)) = list((exchange, tradingsymbol, ts) order by exchange, tradingsymbol,
        ts) as sorted from '${file}'`,
      );
      expect(order).toEqual({ sorted: true });
      expect(await query(`from parquet_kv_metadata('${file}')`)).toEqual([]);
      expect(readdirSync(project.folder).filter((name) => name.endsWith(".part"))).toEqual([]);
      expect(readdirSync(project.path(".candlewick/export"))).toEqual([]);
    },
    60_000,
  );

  it("writes the same from PostgreSQL, and the same as CSV with exact prices", async () => {
    const fetched = await fetch("postgres");
    expect(fetched.code, fetched.err).toBe(0);
    const postgres = await exporting("from-postgres.csv", "--sink=postgres", "--prices=exact");
    expect(postgres.code, postgres.err).toBe(0);
    const duckdb = await exporting("from-duckdb.parquet", "--sink=duckdb");
    expect(duckdb.code, duckdb.err).toBe(0);
    const csv = readFileSync(project.path("from-postgres.csv"), "utf8").split("\n");
    expect(csv[0]).toBe(
      "exchange,tradingsymbol,instrument_token,interval,ts,open,high,low,close,volume,oi,is_final",
    );
    expect(csv[1]).toMatch(/^NSE,BEESWAX,\d+,day,2023-12-31T18:30:00Z,\d+(\.\d+)?,/);
    expect(
      await differences(
        `select * from read_csv('${
          project.path("from-postgres.csv")
        }', types = {open: 'double', high: 'double',
          low: 'double', close: 'double', ts: 'timestamptz'})`,
        `select * from '${project.path("from-duckdb.parquet")}'`,
      ),
    ).toEqual([]);
  }, 120_000);

  it(
    "takes the days and symbols asked for; a symbol that is not there is said, and the exit code is 3",
    async () => {
      const { code, out } = await exporting(
        "some.csv",
        "--sink=duckdb",
        "--symbols=NSE:BEESWAX,NSE:NOBODY",
        "--from=2024-02-01",
        "--to=2024-02-29",
        "--json",
      );
      expect(code).toBe(3);
      const report = JSON.parse(out);
      expect(report).toMatchObject({
        exitCode: 3,
        rows: 21,
        isComplete: false,
        source: "kite",
        sink: "duckdb",
      });
      expect(report.failures).toMatchObject([{ unit: "NSE:NOBODY", reason: "Invalid" }]);
      expect(report.series).toMatchObject([{ symbol: "NSE:BEESWAX", rows: 21, missing: [] }]);
      const [span] = await query(
        `select min(ts)::varchar as first, max(ts)::varchar as last from '${project.path("some.csv")}'`,
      );
      expect(span).toEqual({ first: "2024-01-31 18:30:00+00", last: "2024-02-28 18:30:00+00" });
    },
    60_000,
  );

  it("says what is missing of the days asked for", async () => {
    const { code, out } = await exporting(
      "long.parquet",
      "--sink=duckdb",
      "--from=2023-12-18",
      "--to=2024-01-05",
    );
    expect(code).toBe(0);
    expect(out).toContain("NSE:BEESWAX: 9 sessions missing: 2023-12-18 to 2023-12-29 never asked");
    expect(out).toContain("nx run runner:coverage");
  }, 60_000);

  it("refuses what it cannot write, before the store is opened", async () => {
    writeFileSync(project.path("there.csv"), "mine\n");
    const refused = async (out: string, ...rest: ReadonlyArray<string>) => {
      const { code, err } = await exporting(out, ...rest);
      expect(code).toBe(2);
      return err;
    };
    expect(await refused("there.csv")).toContain("--overwrite replaces it");
    expect(await refused("prices.xlsx")).toContain("take .csv or .parquet");
    expect(await refused("prices", "--format=parket")).toContain('did you mean "parquet"?');
    expect(await refused("none/prices.csv")).toContain("there is no folder");
    expect(await refused("prices.csv", "--from=2024-02-02", "--to=2024-02-01")).toContain("is after");
    expect(await refused("prices.csv", "--dry-run")).toContain("export has no option --dry-run");
    expect(readFileSync(project.path("there.csv"), "utf8")).toBe("mine\n");
    expect((await exporting("there.csv", "--sink=duckdb", "--overwrite")).code).toBe(0);
    expect(readFileSync(project.path("there.csv"), "utf8")).toContain("BEESWAX");
  }, 60_000);

  it("writes no file when the store has nothing that fits", async () => {
    const { code, err } = await exporting("minutes.csv", "--sink=duckdb", "--interval=minute");
    expect(code).toBe(1);
    expect(err).toContain("--dag=historic --interval=minute fetches them");
    expect(existsSync(project.path("minutes.csv"))).toBe(false);
  }, 60_000);
});
