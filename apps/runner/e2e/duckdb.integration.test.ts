import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRealProject, type TestProject } from "../testing/project.ts";
import { type AngelOne, startAngelOne } from "./angelone.ts";
import { query } from "./duckdb.ts";

/** Series that take the sandbox some seconds at the vendor's pace. */
const SYMBOLS = ["NSE:WICKFIN-EQ", "NSE:SCONCE-EQ", "NSE:LAMPBLACK-EQ", "NSE:KEROGAS-EQ"];

let vendor: AngelOne;
beforeAll(async () => void (vendor = await startAngelOne("--today=2026-03-02", "--no-limits")));
afterAll(() => vendor.close());

const historic = (project: TestProject, ...args: ReadonlyArray<string>) =>
  project.start(
    [
      ...["--dag=historic", "--source=angelone", "--sink=duckdb", "--json", `--symbols=${SYMBOLS}`],
      ...["--from=2000-01-01", "--to=2026-02-27", ...args],
    ],
    vendor.environment,
  );

const file = (project: TestProject) => project.path(".candlewick/duckdb/candlewick.duckdb");

/** What runs leave, but for when they did. */
const stored = async (project: TestProject) => {
  const attach = `attach '${file(project)}' as store (read_only)`;
  const rows = (sql: string) => query(attach, sql);
  return {
    candles: await rows(
      "select instrument_id, interval, ts, open, high, low, close, volume, oi, is_final " +
        "from store.angelone_ohlcv_historic order by all",
    ),
    twice: await rows(
      "select instrument_id, interval, ts from store.angelone_ohlcv_historic group by all having count(*) > 1",
    ),
    coverage: await rows(
      "select instrument_id, interval, min(range_start) as first, max(range_end) as last, " +
        "sum(epoch_ms(range_end) - epoch_ms(range_start))::varchar as covered " +
        "from store.angelone_ohlcv_coverage group by all order by all",
    ),
  };
};

describe("a DuckDB file", () => {
  it("has, after runs that were killed at random moments, what an undisturbed run leaves", async () => {
    const [whole, killed] = [makeRealProject(), makeRealProject()];
    try {
      expect((await historic(whole).ended).code).toBe(0);
      const moments = fc.sample(fc.integer({ min: 300, max: 3_500 }), { numRuns: 8, seed: 20_261_121 });
      for (const moment of moments) {
        const run = historic(killed);
        const timer = setTimeout(() => run.signalAll("SIGKILL"), moment);
        await run.ended;
        clearTimeout(timer);
      }
      const last = await historic(killed).ended;
      expect({ code: last.code, err: last.err }).toMatchObject({ code: 0 });
      expect(last.err).not.toContain("damaged");
      const [expected, found] = [await stored(whole), await stored(killed)];
      expect(expected.candles.length).toBeGreaterThan(20_000);
      expect(found.twice).toEqual([]);
      expect(found.candles).toEqual(expected.candles);
      expect(found.coverage).toEqual(expected.coverage);
    } finally {
      whole.remove();
      killed.remove();
    }
  }, 240_000);

  it("is one run's at a time: the next says who has it, and waits, or leaves", async () => {
    const project = makeRealProject();
    try {
      const first = historic(project);
      await first.says("historic: started");
      const left = await historic(project, "--if-running=leave").ended;
      expect(left.code).toBe(5);
      expect(left.err).toContain("candlewick.duckdb");
      const second = historic(project);
      await second.says("waiting until it is free");
      expect((await first.ended).code).toBe(0);
      const { code, err, out } = await second.ended;
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(err).toContain("the store is free");
      expect(JSON.parse(out).dags.at(-1).outcome).toBe("nothing");
    } finally {
      project.remove();
    }
  }, 180_000);
});
