import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ended, makeRealProject, type TestProject } from "../testing/project.ts";

/** The main job as a new user runs it: no account, no server, nothing there yet. The tests build on each other. */
let project: TestProject;
beforeAll(() => {
  project = makeRealProject();
});
afterAll(() => project.remove());

interface Dag {
  readonly dag: string;
  readonly outcome: string;
  readonly counts: Readonly<Record<string, number>>;
}

const dagsOf = ({ out, err, code }: Ended): ReadonlyArray<Dag> => {
  if (out === "") throw new Error(`exit ${code}:\n${err}`);
  return JSON.parse(out).dags;
};

const historic = (...args: ReadonlyArray<string>) => project.run(["--dag=historic", "--json", ...args]);

/** Few series, so that the sandbox's true limit of three requests a second is soon through. */
const few = ["--symbols=NSE:BEESWAX,NSE:TAR&TALLOW", "--from=2020-01-01"];

it("a dry run says what would be done, and asks for nothing", async () => {
  const { code, out } = await historic(...few, "--dry-run");
  expect(code).toBe(0);
  const [{ dag, plan }] = JSON.parse(out).plans;
  expect(dag).toBe("historic");
  expect(plan.notes[0]).toContain("instruments would run first");
});

it("brings up its own database, loads the instruments first, and fetches candles from the sandbox", async () => {
  const end = await historic(...few);
  expect(end.code).toBe(0);
  expect(end.err).toMatch(/^\S+ Sandbox: no credentials of Kite/);
  const [instruments, candles] = dagsOf(end);
  expect(instruments).toMatchObject({ dag: "instruments", outcome: "done" });
  expect(instruments!.counts["inserted"]).toBeGreaterThan(1_000);
  expect(candles).toMatchObject({ dag: "historic", outcome: "done" });
  expect(candles!.counts).toMatchObject({ instruments: 2, complete: 2, failed: 0 });
  expect(candles!.counts["inserted"]).toBeGreaterThan(2_000);
});

it("again, it finds nothing to do and says so soon", async () => {
  const end = await historic(...few);
  expect(end.code).toBe(0);
  expect(dagsOf(end)).toMatchObject([{ dag: "historic", outcome: "nothing", counts: { requests: 0 } }]);
  expect(end.took).toBeLessThan(5_000);
});

it("a run that is stopped keeps what it committed, and the next one goes on from there", async () => {
  const more = ["--symbols=NSE:BEESWAX,NSE:TAR&TALLOW,NSE:CHANDLER"];
  const whole = JSON.parse((await historic(...more, "--dry-run")).out).plans[0].plan.requests - 1;
  const first = project.start(["--dag=historic", "--json", "--parallelism=1", ...more]);
  await first.says("historic: started");
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  first.signal("SIGINT");
  const stopped = await first.ended;
  expect(stopped.code).toBe(130);
  expect(dagsOf(stopped)).toMatchObject([{ dag: "historic", outcome: "interrupted" }]);

  const rest = dagsOf(await historic(...more));
  expect(rest).toMatchObject([{ dag: "historic", outcome: "done", counts: { complete: 3, failed: 0 } }]);
  expect(rest[0]!.counts["requests"]).toBeLessThan(whole);
  expect(dagsOf(await historic(...more))).toMatchObject([{ outcome: "nothing" }]);
});

it("the database is stopped when the last run has ended", () => {
  expect(existsSync(project.path(".candlewick/postgres/data"))).toBe(true);
  expect(existsSync(project.path(".candlewick/postgres/data/postmaster.pid"))).toBe(false);
});
