import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ended, makeRealProject, type TestProject } from "../testing/project.ts";
import { type Asked, startSandbox, type TestSandbox } from "./sandbox.ts";

/**
 * The request for candles at which the token dies. A series is three requests, so when they are fetched one after
 * another the first is whole by then, and committed.
 */
const DEATH = 4;

let project: TestProject;
let sandbox: TestSandbox & AsyncDisposable;
let onDeath: () => void;
beforeEach(async () => {
  onDeath = () => {};
  project = makeRealProject();
  sandbox = await startSandbox({
    fault: ({ route, routeOrdinal }) => {
      if (route === "historical" && routeOrdinal === DEATH) {
        sandbox.killToken();
        onDeath();
      }
    },
  });
  writeEnv(sandbox.accessToken);
  return async () => {
    await sandbox[Symbol.asyncDispose]();
    project.remove();
  };
});
afterEach(() => {
  const answered = requests(200);
  expect(answered.length, "an answered request was sent again").toBe(new Set(answered).size);
});

const writeEnv = (token: string | undefined) =>
  project.write(
    ".env",
    [
      `KITE_ROOT=${sandbox.url}`,
      `KITE_API_KEY=${sandbox.apiKey}`,
      ...(token === undefined ? [] : [`KITE_ACCESS_TOKEN=${token}`]),
    ].join("\n"),
  );

const writeLogin = (token: string) =>
  project.write(".candlewick/credentials/kite.json", {
    credential: token,
    expires: Date.now() + 3_600_000,
  });

const candles = ({ route }: Asked) => route === "historical";
const requests = (status: number) =>
  sandbox.log().filter(candles).filter((asked) => asked.status === status)
    .map(({ path, query }) => `${path}?${query}`);

const args = (...more: ReadonlyArray<string>) => [
  "--dag=historic",
  `--symbols=${sandbox.selection.slice(0, 4).join(",")}`,
  "--from=2012-01-01",
  "--json",
  ...more,
];

const historic = ({ out, err }: Ended) => {
  if (out === "") throw new Error(err);
  return JSON.parse(out).dags.find(({ dag }: { dag: string }) => dag === "historic");
};

/** Every refused request was sent again, once, and answered. */
const expectSentAgain = () => {
  const refused = requests(403);
  expect(refused.length).toBeGreaterThan(0);
  const answered = requests(200);
  for (const request of refused) expect(answered.filter((other) => other === request)).toHaveLength(1);
};

describe("without anybody to log in", () => {
  it("the run exits 4, keeps what it has, and the next one with a new token fetches the rest alone", async () => {
    const first = await project.run(args("--parallelism=1"));
    expect(first.code).toBe(4);
    expect(historic(first)).toMatchObject({ outcome: "unauthorised" });
    expect(historic(first).hint).toContain("nx run runner:login");
    expect(first.err).not.toContain("paused");
    expect(requests(200)).toHaveLength(DEATH - 1);

    writeEnv(sandbox.login());
    const second = await project.run(args());
    expect(second.code).toBe(0);
    expect(historic(second)).toMatchObject({ outcome: "done", counts: { complete: 4, failed: 0 } });
    expect(historic(await project.run(args()))).toMatchObject({ outcome: "nothing" });
  });

  it("a login that somebody has renewed already is taken at once", async () => {
    onDeath = () => writeLogin(sandbox.login());
    const end = await project.run(args());
    expect(end.code).toBe(0);
    expect(end.err).toContain("another login is taken, from");
    expect(end.err).not.toContain("paused");
    expect(historic(end)).toMatchObject({ outcome: "done", counts: { complete: 4, failed: 0 } });
    expectSentAgain();
  });

  it("a wait that was asked for ends with exit 4 when nobody comes", async () => {
    const end = await project.run(args("--wait-for-login=1s"));
    expect(end.code).toBe(4);
    expect(end.err).toContain("All requests are paused, for ");
    expect(end.err).toContain("no login came within");
  });
});

describe("--wait-for-login", () => {
  const paused = async () => {
    const run = project.start(args("--wait-for-login=5m"));
    await run.says("All requests are paused, for 5 min at most");
    return run;
  };

  it.each([
    [".env", writeEnv],
    ["a login kept by nx run runner:login", writeLogin],
  ])("a new token in %s lets the run go on to its end", async (_, write) => {
    const run = await paused();
    write(sandbox.login());
    const end = await run.ended;
    expect(end.code).toBe(0);
    expect(historic(end)).toMatchObject({ outcome: "done", counts: { complete: 4, failed: 0 } });
    expect(end.err.match(/All requests are paused/g)).toHaveLength(1);
    expect(end.err).toContain("  nx run runner:login\n");
    expect(end.err).toContain("going on after a pause of");
    expect(end.err).not.toContain("trying again");
    expectSentAgain();
  });

  it("another token that is refused, too, is no reason to give up", async () => {
    const run = await paused();
    writeLogin("no-such-token-at-all");
    await run.says("refuses the login");
    writeEnv(sandbox.login());
    const end = await run.ended;
    expect(end.code).toBe(0);
    expectSentAgain();
  });

  it("Ctrl-C ends the pause at once", async () => {
    const run = await paused();
    const at = performance.now();
    run.signal("SIGINT");
    const end = await run.ended;
    expect(end.code).toBe(130);
    // An orderly end: one that does not come within 3 s is cut short.
    expect(performance.now() - at).toBeLessThan(4_000);
    expect(historic(end)).toMatchObject({ outcome: "interrupted" });
  });
});
