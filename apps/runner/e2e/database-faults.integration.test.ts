import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Ended, makeRealProject, type Started, type TestProject } from "../testing/project.ts";
import { connect, smallDisks, startPostgres, type TestServer, type TestSql } from "./postgres.ts";
import { startSandbox, type TestSandbox } from "./sandbox.ts";

// Several whole runs each, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CANDLES = "kite_ohlcv_historic";
/** Gate of the trigger that holds a run up in the middle of a COPY. */
const GATE = 4_711;

const disks = await smallDisks();

let server: TestServer;
let sandbox: TestSandbox & AsyncDisposable;
let project: TestProject;
/** A database with instruments and no candle, which tests copy. */
let prepared: string;
/** What a run that nothing disturbs stores. */
let truth: Stored;

let url: string;
let sql: TestSql;
/** Of a login of the test's own: one of the day before would die in its middle, at 06:00 in India. */
let token: string;

type Stored = ReadonlyArray<Readonly<Record<string, unknown>>>;

/** Each series: number of candles, and all of them in one figure. */
const storedIn = (at: TestSql): Promise<Stored> =>
  at.query(`
    select exchange, tradingsymbol, interval, count(*)::int as candles,
      md5(string_agg(concat_ws(' ', ts, open, high, low, close, volume, is_final), E'\\n' order by ts)) as digest
    from kite_ohlcv group by 1, 2, 3 order by 1, 2, 3`);

/** A range that no day of the test can change, four series, one request at a time for each. */
const start = (flags: ReadonlyArray<string> = [], env: Readonly<Record<string, string>> = {}): Started =>
  project.start(
    [
      "--dag=historic",
      `--symbols=${sandbox.selection.slice(0, 4).join(",")}`,
      "--from=2016-01-01",
      "--to=2024-12-31",
      "--json",
      ...flags,
    ],
    {
      DATABASE_URL: url,
      KITE_ROOT: sandbox.url,
      KITE_API_KEY: sandbox.apiKey,
      KITE_ACCESS_TOKEN: token,
      ...env,
    },
  );

const succeeded = ({ code, err, out }: Ended) => {
  if (code !== 0) throw new Error(`exit ${code}: ${out}\n${err}`);
  return JSON.parse(out);
};

const historicOf = ({ err, out }: Ended) => {
  if (out === "") throw new Error(err);
  return JSON.parse(out).dags.find(({ dag }: { dag: string }) => dag === "historic");
};

/** Every series that is stored is stored whole: its candles are those of a run that nothing disturbed. */
const expectNothingHalf = async () => {
  for (const series of await storedIn(sql)) expect(truth).toContainEqual(series);
};

/** A healthy run completes what the disturbed one left. */
const expectCompletion = async () => {
  await expectNothingHalf();
  succeeded(await start().ended);
  expect(await storedIn(sql)).toEqual(truth);
  expect(historicOf(await start().ended)).toMatchObject({ outcome: "nothing" });
};

/** Holds the run up at a candle in the middle of a COPY, for as long as this connection holds the gate. */
const gate = async () => {
  await sql.query(`
    create sequence arrivals;
    create function wait_at_gate() returns trigger language plpgsql as $$ begin
      if nextval('arrivals') = 700 then perform pg_advisory_xact_lock_shared(${GATE}); end if;
      return new;
    end $$;
    create trigger wait_at_gate before insert on ${CANDLES} for each row execute function wait_at_gate();`);
  await sql.query(`select pg_advisory_lock(${GATE})`);
};

const IN_COPY = "query ilike 'copy%' and wait_event = 'advisory' and datname = current_database()";
const untilInCopy = () => sql.until(`exists (select from pg_stat_activity where ${IN_COPY})`);

beforeAll(async () => {
  server = await startPostgres();
  sandbox = await startSandbox();
  token = sandbox.accessToken;
  project = makeRealProject();
  url = await server.freshDatabase();
  succeeded(
    await project.run(["--dag=instruments", "--json"], {
      DATABASE_URL: url,
      KITE_ROOT: sandbox.url,
      KITE_API_KEY: sandbox.apiKey,
      KITE_ACCESS_TOKEN: token,
    }),
  );
  // Makes the tables.
  expect((await start(["--dry-run"]).ended).code).toBe(0);
  prepared = new URL(url).pathname.slice(1);
  url = await server.copyOf(prepared);
  succeeded(await start().ended);
  await using at = await connect(url);
  truth = await storedIn(at);
  expect(truth.length).toBe(4);
});

afterAll(async () => {
  project.remove();
  await sandbox[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  token = sandbox.login();
  url = await server.copyOf(prepared);
  sql = await connect(url);
});
afterEach(() => sql[Symbol.asyncDispose]());

describe("a connection that is cut in mid-COPY", () => {
  it("is opened again, and the run completes", async () => {
    await gate();
    const run = start();
    await untilInCopy();
    await sql.query(`select pg_terminate_backend(pid, 10000) from pg_stat_activity where ${IN_COPY}`);
    await sql.query("select pg_advisory_unlock_all()");
    const end = await run.ended;
    expect(historicOf(end)).toMatchObject({ outcome: "done" });
    expect(end.code).toBe(0);
    expect(end.err).toContain(`upsert ${CANDLES}: the store is busy or away; trying again`);
    expect(await storedIn(sql)).toEqual(truth);
  });
});

describe.each(["fast", "immediate"] as const)("a server that is stopped (%s) in mid-COPY", (mode) => {
  it("and comes back in time costs nothing: the run completes", async () => {
    await gate();
    const run = start(["--retry-attempts=8", "--retry-delay=200ms"]);
    await untilInCopy();
    await server.stop(mode);
    await server.start();
    const end = await run.ended;
    expect(historicOf(end)).toMatchObject({ outcome: "done" });
    expect(end.code).toBe(0);
    sql = await connect(url);
    expect(await storedIn(sql)).toEqual(truth);
    expect(historicOf(await start().ended)).toMatchObject({ outcome: "nothing" });
  });

  it("and stays away ends the run with exit 1 and the way out; the next one completes it", async () => {
    await gate();
    const run = start(["--retry-attempts=2", "--retry-delay=100ms"]);
    await untilInCopy();
    await server.stop(mode);
    const end = await run.ended;
    expect(end.code).toBe(1);
    const { headline, hint } = historicOf(end);
    expect(headline).toMatch(/ECONNREFUSED|connection/);
    expect(hint).toContain("See that the store is up and can be reached; the next run goes on from there");
    await server.start();
    sql = await connect(url);
    await expectCompletion();
  });
});

describe("serialization failures", () => {
  const failing = (times: number) =>
    sql.query(`
      create sequence writes;
      create function refuse() returns trigger language plpgsql as $$ begin
        if nextval('writes') <= ${times} then
          raise exception 'could not serialize access' using errcode = 'serialization_failure';
        end if;
        return null;
      end $$;
      create trigger refuse before insert on ${CANDLES} for each statement execute function refuse();`);

  it("are tried again, also in a database whose transactions are serializable, and the run completes", async () => {
    await failing(3);
    await sql.query(`alter database "${new URL(url).pathname.slice(1)}"
      set default_transaction_isolation = 'serializable'`);
    const end = await start().ended;
    expect(historicOf(end)).toMatchObject({ outcome: "done", counts: { failed: 0 } });
    expect(end.code).toBe(0);
    expect(await storedIn(sql)).toEqual(truth);
  });

  it("that persist fail the instruments they hit, by name; the next run completes", async () => {
    await failing(1_000_000);
    const end = await start(["--retry-attempts=2", "--retry-delay=50ms"]).ended;
    expect(end.code).toBe(1);
    const { failures } = historicOf(end);
    expect(failures.length).toBe(4);
    for (const { message } of failures) expect(message).toContain("could not serialize access");
    expect(await storedIn(sql)).toEqual([]);
    await sql.query(`drop trigger refuse on ${CANDLES}`);
    await expectCompletion();
  });
});

describe("a table that another program has locked", () => {
  it("is waited for, and the run completes", async () => {
    await sql.query("begin");
    await sql.query(`lock table ${CANDLES} in access exclusive mode`);
    const run = start();
    await sql.until("exists (select from pg_locks where locktype = 'relation' and not granted)");
    await sql.query("rollback");
    succeeded(await run.ended);
    expect(await storedIn(sql)).toEqual(truth);
  });

  it("for too long ends the run with exit 1, and says which table, and who", async () => {
    await sql.query("set application_name = 'some report'");
    await sql.query("begin");
    await sql.query(`lock table ${CANDLES} in access exclusive mode`);
    const end = await start([], { POSTGRES_LOCK_TIMEOUT: "3s" }).ended;
    expect(end.code).toBe(1);
    const { headline, hint } = historicOf(end);
    expect(headline).toContain("canceling statement due to lock timeout");
    expect(headline).toMatch(
      new RegExp(`${CANDLES} is locked by "some report" \\(process \\d+, user candlewick`),
    );
    expect(hint).toContain("Run again when the other program has let go");
    expect(end.err).toMatch(new RegExp(`waits: ${CANDLES} is locked by "some report"`));
    await sql.query("rollback");
    await expectCompletion();
  });
});

// Last, for a server whose disk was taken away is of no use to other tests.
describe.skipIf(disks === undefined)("a disk that is full (needs root, and the right to mount)", () => {
  it("ends the run with exit 1 and says which; with room the next one completes", async () => {
    await using disk = await disks!.make(sql, "small", 1);
    await sql.query(`alter table ${CANDLES} set tablespace small`);
    await sql.query(`alter index ${CANDLES}_pkey set tablespace small`);
    const end = await start().ended;
    expect(end.code).toBe(1);
    const { headline, hint } = historicOf(end);
    expect(headline).toMatch(
      /the database server's disk is full \(tablespace small, .*No space left on device/,
    );
    expect(hint).toContain("Make room; the next run goes on from there");
    disk.grow(64);
    await expectCompletion();
    await sql.query(`drop table ${CANDLES} cascade`);
    await sql.query("drop tablespace small");
  });
});
