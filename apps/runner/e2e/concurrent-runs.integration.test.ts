import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Ended, makeRealProject, type Started, type TestProject } from "../testing/project.ts";
import { connect, startPostgres, type TestServer } from "./postgres.ts";
import { type Asked, startSandbox, type TestSandbox } from "./sandbox.ts";

// Several whole runs each, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The request for candles at which a run is held up: the first instrument takes three, this is the second's. */
const HELD = 5;

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

let project: TestProject;
let sandbox: TestSandbox & AsyncDisposable;
let onHeld: () => void;
let runs: Array<Started>;
beforeEach(async () => {
  onHeld = () => {};
  runs = [];
  project = makeRealProject();
  sandbox = await startSandbox({
    fault: ({ route, routeOrdinal }) => {
      if (route === "historical" && routeOrdinal === HELD) onHeld();
    },
  });
});
afterEach(async () => {
  // A test that failed may leave one frozen.
  for (
    const run of runs.filter(({ process: { exitCode, signalCode } }) =>
      exitCode === null && signalCode === null
    )
  ) run.signalAll("SIGKILL");
  await Promise.all(runs.map(({ ended }) => ended));
  await sandbox[Symbol.asyncDispose]();
  project.remove();
});

const start = (flags: ReadonlyArray<string> = [], env: Readonly<Record<string, string>> = {}): Started => {
  const run = project.start(
    [
      "--dag=historic",
      `--symbols=${sandbox.selection.slice(0, 4).join(",")}`,
      "--from=2012-01-01",
      "--parallelism=1",
      "--json",
      ...flags,
    ],
    {
      KITE_ROOT: sandbox.url,
      KITE_API_KEY: sandbox.apiKey,
      KITE_ACCESS_TOKEN: sandbox.accessToken,
      ...env,
    },
  );
  runs.push(run);
  return run;
};

/** Starts a run, and freezes all of it when it asks for candles: it is at work for as long as the test likes. */
const startAndFreeze = async (env: Readonly<Record<string, string>> = {}): Promise<Started> => {
  const held = new Promise<void>((resolve) => onHeld = resolve);
  const run = start([], env);
  await Promise.race([
    held,
    run.ended.then(({ err }) => {
      throw new Error(`ended before it was held up:\n${err}`);
    }),
  ]);
  run.signalAll("SIGSTOP");
  return run;
};

/** What was asked for; the end of a range that reaches to the present says when it was asked. */
const nameOf = ({ path, query }: Asked) => `${path} ${new URLSearchParams(query).get("from") ?? ""}`;
const asked = (route: string) => sandbox.log().filter((one) => one.route === route).map(nameOf);

/** No dump, and no candles of any instrument and range, were asked for twice. */
const expectOnce = () => {
  for (const route of ["instruments", "historical"]) {
    const requests = asked(route);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests, `${route} asked for twice`).toEqual([...new Set(requests)]);
  }
};

interface DagResult {
  readonly dag: string;
  readonly outcome: string;
  readonly headline: string;
  readonly counts: Readonly<Record<string, number>>;
}

const dagsOf = ({ code, err, out }: Ended): ReadonlyArray<DagResult> => {
  if (out === "") throw new Error(`exit ${code}:\n${err}`);
  return JSON.parse(out).dags;
};

const outcomes = (end: Ended) => dagsOf(end).map(({ dag, outcome }) => `${dag} ${outcome}`);

describe("two runs at once on a store where nothing is yet", () => {
  it("fetch everything once between them, whoever is first", async () => {
    const ends = await Promise.all([start().ended, start().ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expectOnce();
    const historic = ends.flatMap(dagsOf).filter(({ dag }) => dag === "historic");
    expect(historic.map(({ outcome }) => outcome).sort()).toEqual(["done", "nothing"]);
  });

  it("the second waits for the first, says so, and finds nothing left to do", async () => {
    const first = await startAndFreeze();
    const second = start();
    await second.says("waiting for its end");
    first.signalAll("SIGCONT");
    const [one, two] = [await first.ended, await second.ended];
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(outcomes(one)).toEqual(["instruments done", "historic done"]);
    expect(outcomes(two)).toEqual(["historic nothing"]);
    const { runId } = JSON.parse(one.out);
    expect(two.err).toContain(`historic: another run (${runId}) has been at work for `);
    expect(two.err).toContain("historic: the other run has ended");
    expectOnce();
    expect(asked("historical").length).toBe(dagsOf(one).at(-1)!.counts["requests"]);
  });

  it("a wait ends at once with Ctrl-C", async () => {
    const first = await startAndFreeze();
    const second = start();
    await second.says("waiting for its end");
    second.signal("SIGINT");
    const end = await second.ended;
    expect(end.code).toBe(130);
    expect(outcomes(end)).toEqual(["historic interrupted"]);
    first.signalAll("SIGCONT");
    expect((await first.ended).code).toBe(0);
    expectOnce();
  });

  it("the second leaves when it is told to, with exit code 5", async () => {
    const first = await startAndFreeze();
    const before = sandbox.log().length;
    const left = await start(["--if-running=leave"]).ended;
    expect(left.code).toBe(5);
    expect(outcomes(left)).toEqual(["historic busy"]);
    expect(JSON.parse(left.out).exitCode).toBe(5);
    expect(left.err).toContain("leaving it to that run");
    project.write("config/config.json", { ifRunning: "leave" });
    expect((await start().ended).code).toBe(5);
    expect(sandbox.log().length).toBe(before);
    first.signalAll("SIGCONT");
    expect((await first.ended).code).toBe(0);
    expect(outcomes(await start(["--if-running=leave"]).ended)).toEqual(["historic nothing"]);
    expectOnce();
  });
});

describe.each(["the embedded server", "a server of one's own"])(
  "when the first is killed, on %s",
  (where) => {
    it("the second has its turn at once, and fetches what is missing and no more", async () => {
      const env = where.includes("own") ? { DATABASE_URL: await server.freshDatabase() } : {};
      const first = await startAndFreeze(env);
      const second = start([], env);
      await second.says("waiting for its end");
      const atWork = asked("historical").at(-1)!.split(" ")[0]!;
      expect(asked("historical")[0]).not.toContain(atWork);
      first.signalAll("SIGKILL");
      const end = await second.ended;
      expect(end.code).toBe(0);
      expect(outcomes(end)).toEqual(["historic done"]);
      expect(asked("instruments").length).toBe(new Set(asked("instruments")).size);
      const requests = asked("historical");
      // The series that was at hand had not been committed.
      const again = requests.filter((request, i) => requests.indexOf(request) < i);
      expect(again.length).toBeGreaterThan(0);
      expect(again.filter((request) => !request.startsWith(atWork))).toEqual([]);
      expect(outcomes(await start([], env).ended)).toEqual(["historic nothing"]);
    });
  },
);

it(
  "a run whose turn another has taken, while it was cut off, stops in order and keeps what it has",
  async () => {
    const env = { DATABASE_URL: await server.freshDatabase() };
    const first = await startAndFreeze(env);
    await using other = await connect(env.DATABASE_URL);
    await using sql = await connect(env.DATABASE_URL);
    const taken = other.query("select pg_advisory_lock(hashtextextended('dag historic kite', 1))");
    await sql.until("exists (select from pg_stat_activity where wait_event = 'advisory')");
    // So that it cannot come to its end before it knows.
    await sql.query("begin; lock table kite_ohlcv_historic in exclusive mode");
    await sql.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'candlewick: dag historic kite'",
    );
    await taken;
    first.signalAll("SIGCONT");
    const end = await first.ended;
    expect(end.code).toBe(1);
    expect(dagsOf(end).at(-1)).toMatchObject({
      outcome: "failed",
      headline:
        'postgres: lock "dag historic kite": its connection was cut, and another run has taken it since; ' +
        "this run stops, and all it committed is kept",
    });
    await sql.query("rollback");
    expect(await start(["--if-running=leave"], env).ended).toMatchObject({ code: 5 });
    await other.query("select pg_advisory_unlock_all()");
    expect(outcomes(await start([], env).ended)).toEqual(["historic done"]);
    expect(outcomes(await start([], env).ended)).toEqual(["historic nothing"]);
  },
  60_000,
);
