import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Ended, launcher, makeProject, makeRealProject, type TestProject } from "../testing/project.ts";
import { connect, startPostgres, type TestServer } from "./postgres.ts";
import { startSandbox, type TestSandbox } from "./sandbox.ts";

// Whole runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: TestServer;
let sandbox: TestSandbox & AsyncDisposable;
let onCandles: () => void = () => {};
beforeAll(async () => {
  server = await startPostgres();
  sandbox = await startSandbox({
    fault: ({ route }) => {
      if (route === "historical") onCandles();
    },
  });
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

let project: TestProject;
let env: Record<string, string>;
beforeEach(async () => {
  project = makeRealProject();
  env = {
    DATABASE_URL: await server.freshDatabase(),
    KITE_ROOT: sandbox.url,
    KITE_API_KEY: sandbox.apiKey,
    KITE_ACCESS_TOKEN: sandbox.accessToken,
  };
});
afterEach(() => {
  onCandles = () => {};
  project.remove();
});

const run = () => [
  "--dag=historic",
  `--symbols=${sandbox.selection.slice(0, 3).join(",")}`,
  "--from=2020-01-01",
  "--json",
];

const db = (...args: ReadonlyArray<string>) => project.run(["db", ...args, "--sink=postgres"], env);

const json = async (...args: ReadonlyArray<string>) => {
  const { code, err, out } = await db(...args, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

const rowsOf = (
  { tables }: { readonly tables: ReadonlyArray<{ readonly name: string; readonly rows: number }> },
) => Object.fromEntries(tables.map(({ name, rows }) => [name, rows]));

const outcomes = ({ err, out }: Ended) => {
  if (out === "") throw new Error(err);
  return JSON.parse(out).dags.map(({ dag, outcome }: Record<string, string>) => `${dag} ${outcome}`);
};

/** Answers the program's question on a terminal. */
const atTerminal = (
  command: string,
  answer: string,
): Promise<{ readonly code: number | null; readonly text: string }> =>
  new Promise((resolve) => {
    const child = spawn("script", ["-qec", `node ${launcher} ${command}`, "/dev/null"], {
      cwd: project.folder,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TERM: "dumb", ...env },
    });
    let text = "";
    let answered = false;
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (!answered && /\[y\/N\]|Type yes/.test(text)) {
        answered = true;
        child.stdin.write(`${answer}\n`);
      }
    });
    child.on("close", (code) => resolve({ code, text }));
  });

describe("the upkeep of a store", () => {
  it("a store is empty, filled, backed up, emptied and restored, and runs go on from there", async () => {
    const first = await db("status");
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/^Store: PostgreSQL, test_\d+ on 127\.0\.0\.1:\d+\n/);
    expect(first.out).toContain("Nothing is stored yet");
    expect((await db("restore", "--yes")).code).toBe(2);

    expect((await project.run([...run(), "--sink=postgres"], env)).code).toBe(0);
    const filled = await json("status");
    expect(filled).toMatchObject({
      exitCode: 0,
      command: "status",
      sink: "postgres",
      data: "real",
      source: "kite",
    });
    expect(filled.lastRun.map(({ dag, outcome }: Record<string, string>) => `${dag} ${outcome}`).sort())
      .toEqual([
        "historic done",
        "instruments done",
      ]);
    const candles = filled.tables.find(({ name }: { readonly name: string }) =>
      name === "kite_ohlcv_historic"
    );
    expect(candles.firstDay >= "2020-01-01" && candles.firstDay < "2020-01-10").toBe(true);
    expect(candles.rows).toBeGreaterThan(1_000);

    const { backup } = await json("backup");
    expect(backup.tables).toEqual(rowsOf(filled));
    expect(backup.path.startsWith(project.path(".candlewick/backups/postgres/"))).toBe(true);
    expect((await json("status")).backups.map(({ name }: { readonly name: string }) => name)).toEqual([
      backup.name,
    ]);

    await using sql = await connect(env["DATABASE_URL"]!);
    const digest = async () =>
      await sql.query(
        "select md5(string_agg(c::text, '' order by instrument_id, ts)) from kite_ohlcv_historic c",
      );
    const before = await digest();
    const { removed } = await json("truncate", "kite_ohlcv_historic", "--yes");
    expect(removed).toMatchObject({
      kite_ohlcv_historic: candles.rows,
      kite_ohlcv_coverage: expect.any(Number),
    });
    const restored = await json("restore", backup.name, "--yes");
    expect(restored.tables).toContainEqual({ table: "kite_ohlcv_historic", before: 0, after: candles.rows });
    expect(await digest()).toEqual(before);
    expect(rowsOf(await json("status"))).toEqual(rowsOf(filled));
    expect(outcomes(await project.run([...run(), "--sink=postgres"], env))).toEqual(["historic nothing"]);

    await json("truncate", "kite_ohlcv_historic", "--yes");
    expect(outcomes(await project.run([...run(), "--sink=postgres"], env))).toEqual(["historic done"]);
    expect(
      (await json("status")).tables.find(({ name }: { readonly name: string }) => name === candles.name).rows,
    )
      .toBe(candles.rows);
  });

  it("while a run is at work, there is a status and a backup, and nothing is restored or emptied", async () => {
    const { backup } = await json("backup");
    const held = new Promise<void>((resolve) => onCandles = resolve);
    const work = project.start([...run(), "--sink=postgres"], env);
    await Promise.race([held, work.ended]);
    work.signalAll("SIGSTOP");
    try {
      expect((await db("status")).out).toContain("historic at kite: running");
      expect((await db("backup")).code).toBe(0);
      for (const command of [["restore", backup.name, "--yes"], ["truncate", "--yes"]]) {
        const end = await db(...command);
        expect([end.code, end.err]).toEqual([
          5,
          expect.stringContaining("dag historic kite is at work on the store"),
        ]);
      }
    } finally {
      work.signalAll("SIGCONT");
    }
    expect((await work.ended).code).toBe(0);
    expect((await db("truncate", "--yes")).code).toBe(0);
  });

  it("nobody at a terminal is asked: it is refused, and nothing changes", async () => {
    expect((await project.run(["--dag=instruments", "--sink=postgres"], env)).code).toBe(0);
    await json("backup");
    for (const command of ["restore", "truncate"]) {
      const end = await db(command);
      expect(end.code).toBe(2);
      expect(end.err).toContain("say --yes");
    }
    expect(rowsOf(await json("status"))["kite_instrument_master"]).toBeGreaterThan(0);
  });

  it.skipIf(!existsSync("/usr/bin/script"))("who is at a terminal is asked (needs script)", async () => {
    expect((await project.run(["--dag=instruments", "--sink=postgres"], env)).code).toBe(0);
    await json("backup");
    const no = await atTerminal("db truncate --sink=postgres", "y");
    expect([no.code, no.text]).toEqual([1, expect.stringContaining("Nothing was changed.")]);
    const yes = await atTerminal("db truncate --sink=postgres", "yes");
    expect([yes.code, yes.text]).toEqual([0, expect.stringMatching(/Removed [\d,]+ rows/)]);
    const back = await atTerminal("db restore --sink=postgres", "y");
    expect([back.code, back.text]).toEqual([0, expect.stringContaining("each compared with the backup")]);
  });

  it("invented prices have a store and backups of their own", async () => {
    const invented = await project.run(["db", "backup", "--sandbox", "--sink=postgres", "--json"], env);
    expect(JSON.parse(invented.out)).toMatchObject({ data: "sandbox", exitCode: 0 });
    expect((await json("status")).backups).toEqual([]);
    expect(readdirSync(project.path(".candlewick/backups/postgres"))[0]).toMatch(/_sandbox$/);
    const { out } = await project.run(["db", "status", "--sandbox", "--sink=postgres"], env);
    expect(out).toContain("(pretended prices)");
    expect(out).toContain("Backups: 1, the newest ");
  });
});

it("a sink without a keeper is refused by name, and db --help explains", async () => {
  const small = makeProject();
  try {
    const { code, err } = await small.run(["db", "status"]);
    expect([code, err]).toEqual([2, expect.stringContaining("sink notes (package ")]);
    expect((await small.run(["db", "--help"])).out).toContain("restore [NAME]");
  } finally {
    small.remove();
  }
});
