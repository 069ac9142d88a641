import type { RunSummary, Sink } from "@candlewick/core";
import { Effect, Exit, Scope } from "effect";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodeOf } from "../src/run/Report.ts";
import { type Ended, makeRealProject, type TestProject } from "../testing/project.ts";
import { arePresent, dumpDates, kite, series } from "./recordings.ts";
import { startSandbox, type TestSandbox } from "./sandbox.ts";
import { openSink, openSource, runDag } from "./workspace.ts";

const HOLE = "2025-01-09";
/** A session that every series has; its candles stand in for those of the hole. */
const BEFORE = "2025-01-08";
const date = dumpDates[1];
const asked = { interval: "60minute", from: "2024-12-05", to: "2026-01-09" };

interface Hole {
  readonly from: string;
  readonly to: string;
  readonly sessions: number | null;
  readonly reason: string;
  readonly error?: string;
  readonly tries?: number;
}

interface Detail {
  readonly symbol: string;
  readonly expected: number;
  readonly present: number;
  readonly share: number;
  readonly holes: ReadonlyArray<Hole>;
}

const detailsOf = ({ details }: Pick<RunSummary.RunSummary, "details">) =>
  details as unknown as ReadonlyArray<Detail>;

const exitCode = (summary: RunSummary.RunSummary): number =>
  exitCodeOf([{ dag: "coverage", millis: 0, summary }]);

type Row = readonly [stamp: string, ...values: ReadonlyArray<number>];

/** A folder to replay in which the hourly series have candles on the day that the recordings lack. */
const mendedRecordings = (folder: string): void => {
  const day = `${HOLE}T`;
  mkdirSync(join(folder, "instruments"), { recursive: true });
  cpSync(join(kite, "instruments", `${date}.csv`), join(folder, "instruments", `${date}.csv`));
  for (const { token } of series()) {
    const path = join("historical", token, "60minute.json");
    const answer: { data: { candles: ReadonlyArray<Row> } } = JSON.parse(
      readFileSync(join(kite, path), "utf8"),
    );
    const { candles } = answer.data;
    const invented = candles.filter(([stamp]) => stamp.startsWith(BEFORE)).map((
      [stamp, ...values],
    ): Row => [stamp.replace(BEFORE, HOLE), ...values]);
    const mended = [
      ...candles.filter(([stamp]) => stamp < day),
      ...invented,
      ...candles.filter(([stamp]) => stamp > day),
    ];
    mkdirSync(join(folder, "historical", token), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify({ ...answer, data: { candles: mended } }));
  }
  cpSync(join(kite, "historical/index.csv"), join(folder, "historical/index.csv"));
};

describe.skipIf(!arePresent)(
  "a session that all recorded hourly series lack (needs ../shared/recordings)",
  () => {
    let scope: Scope.Closeable;
    let directory: string;
    let sink: Sink.Sink["Service"];
    const symbols = arePresent ? series().map(({ symbol }) => symbol) : [];

    beforeAll(async () => {
      scope = Scope.makeUnsafe();
      directory = await Deno.makeTempDir({ prefix: "candlewick-e2e-" });
      sink = await Effect.runPromise(Scope.provide(openSink("postgres", directory), scope));
    });

    afterAll(async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void));
      await Deno.remove(directory, { recursive: true });
    });

    const replaying = async (
      folder: string,
      use: (
        run: (dag: string, parameters: Readonly<Record<string, unknown>>) => Promise<RunSummary.RunSummary>,
        sandbox: TestSandbox,
      ) => Promise<void>,
    ) => {
      await using sandbox = await startSandbox({ mode: { kind: "replay", folder, date } });
      const { accessToken, apiKey, apiSecret, url } = sandbox;
      const own = Scope.makeUnsafe();
      const settings = { root: url, loginRoot: url, apiKey, apiSecret, accessToken };
      const source = await Effect.runPromise(Scope.provide(openSource("kite", settings, "none"), own));
      await use((dag, parameters) => Effect.runPromise(runDag(dag, parameters, { source, sink })), sandbox);
      await Effect.runPromise(Scope.close(own, Exit.void));
    };

    it("is reported as a hole of one session, answered empty, of each instrument; exit 3", () =>
      replaying(kite, async (run, sandbox) => {
        await run("instruments", {});
        expect(await run("historic", { ...asked, symbols })).toMatchObject({ outcome: "done" });
        sandbox.clear();
        const summary = await run("coverage", { interval: asked.interval, to: asked.to });
        expect(summary.headline).toBe(
          "0 of 24 instruments complete at interval 60minute: 24 holes on trading days",
        );
        expect(exitCode(summary)).toBe(3);
        const details = detailsOf(summary);
        expect(details.map(({ symbol }) => symbol)).toEqual([...symbols].sort());
        for (const { expected, holes, present, share } of details) {
          expect(holes).toEqual([{ from: HOLE, to: HOLE, sessions: 1, reason: "answered empty" }]);
          expect([expected, present, share]).toEqual([274, 273, 99.63]);
        }
        expect(summary.failures.map(({ unit, message }) => [unit, message])).toEqual(
          [...symbols].sort().map((symbol) => [symbol, `${HOLE} answered empty`]),
        );
        expect(sandbox.log()).toEqual([]);
      }));

    it("is healed by one request an instrument once the vendor has it; then all is complete, exit 0", async () => {
      const folder = join(directory, "mended");
      mendedRecordings(folder);
      await replaying(folder, async (run, sandbox) => {
        expect(await run("historic", { ...asked, symbols })).toMatchObject({ outcome: "nothing" });
        sandbox.clear();
        const healed = await run("historic", { ...asked, symbols, heal: true });
        expect(healed).toMatchObject({
          outcome: "done",
          counts: { requests: 24, inserted: 24 * 7, revised: 0 },
        });

        const requests = sandbox.log().filter(({ route }) => route === "historical");
        const tokens = requests.map(({ path }) => path.split("/").at(-2)!);
        expect(tokens.sort()).toEqual(series().map(({ token }) => token).sort());
        for (const { query } of requests) {
          const range = new URLSearchParams(query);
          expect(range.get("from")! <= `${HOLE} 09:15:00`, query).toBe(true);
          expect(range.get("to")! >= `${HOLE} 15:15:00`, query).toBe(true);
        }

        const summary = await run("coverage", { interval: asked.interval, to: asked.to });
        expect(summary.headline).toBe("24 of 24 instruments complete at interval 60minute");
        expect(exitCode(summary)).toBe(0);
        expect(detailsOf(summary).every(({ holes, share }) => holes.length === 0 && share === 100)).toBe(
          true,
        );
        expect(await run("historic", { ...asked, symbols, heal: true })).toMatchObject({
          outcome: "nothing",
        });
      });
    });
  },
);

describe("nx run runner:coverage", () => {
  let project: TestProject;
  let sandbox: TestSandbox & AsyncDisposable;
  let isAway = false;
  beforeAll(async () => {
    project = makeRealProject();
    sandbox = await startSandbox({
      fault: ({ route }) => {
        if (!isAway || route !== "historical") return undefined;
        const head = { status: 503, headers: { "content-type": "text/plain", "content-length": "4" } };
        return {
          name: "away",
          deliver: () => ({ head, steps: [new TextEncoder().encode("away")], end: "finish" }),
        };
      },
    });
  });
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    project.remove();
  });

  const run = (...args: ReadonlyArray<string>) =>
    project.run(args, {
      KITE_ROOT: sandbox.url,
      KITE_API_KEY: sandbox.apiKey,
      KITE_ACCESS_TOKEN: sandbox.accessToken,
    });
  const dagOf = ({ err, out }: Ended) => {
    if (out === "") throw new Error(err);
    return JSON.parse(out).dags.at(-1) as RunSummary.RunSummary;
  };
  const symbol = () => sandbox.selection[0]!;
  const span = ["--from=2026-01-01", "--to=2026-01-31"];
  /** Sessions of January 2026. */
  const SESSIONS = 20;

  it("says of a fresh store that nothing was asked for, and asks the vendor for nothing", async () => {
    const ended = await run("--dag=coverage", "--json");
    expect(dagOf(ended)).toMatchObject({ outcome: "nothing", details: [] });
    expect(ended.code).toBe(0);
    const unknown = await run("--dag=coverage", "--json", `--symbols=${symbol()}`);
    expect(unknown.code).toBe(1);
    expect(dagOf(unknown).failures[0]!.message).toContain("--dag=instruments");
    expect(sandbox.log()).toEqual([]);
  });

  it("calls what was never fetched never asked, when it is named; exit 3", async () => {
    expect((await run("--dag=instruments")).code).toBe(0);
    const ended = await run("--dag=coverage", "--json", `--symbols=${symbol()}`, ...span);
    expect(ended.code).toBe(3);
    const [hole] = detailsOf(dagOf(ended))[0]!.holes;
    expect(hole).toMatchObject({ reason: "never asked", sessions: SESSIONS });
  });

  it("shows a fetch that failed with its error and the tries of all runs, until it succeeds", async () => {
    const historic = ["--dag=historic", `--symbols=${symbol()}`, "--retry-delay=1ms", ...span];
    isAway = true;
    for (const tries of [2, 4]) {
      await run(...historic, "--retry-attempts=2");
      const ended = await run("--dag=coverage", "--json", ...span);
      expect(ended.code).toBe(3);
      const [hole] = detailsOf(dagOf(ended))[0]!.holes;
      expect(hole).toMatchObject({ reason: "failed", sessions: SESSIONS, tries });
      expect(hole!.error).toContain("503");
    }
    const { code, out } = await run("--dag=coverage", ...span);
    expect(code).toBe(3);
    expect(out).toMatch(/0 of 1 instrument complete at interval day: 1 hole on trading days/);
    expect(out).toMatch(/ 2026-01-01 +2026-01-30 +20 +failed after 4 tries: .*503/);

    isAway = false;
    expect((await run(...historic)).code).toBe(0);
    const after = await run("--dag=coverage", "--json", ...span);
    expect(detailsOf(dagOf(after))).toMatchObject([{ symbol: symbol(), present: SESSIONS, share: 100 }]);
    expect(after.code).toBe(0);
  });

  it("needs no login, for it reads the store alone", async () => {
    const without = { KITE_ROOT: sandbox.url, KITE_API_KEY: sandbox.apiKey };
    const ended = await project.run(["--dag=coverage", "--json", ...span], without);
    expect(detailsOf(dagOf(ended))).toMatchObject([{ symbol: symbol(), share: 100 }]);
    expect(ended.code).toBe(0);
    expect((await project.run(["--dag=coverage,historic", ...span], without)).code).toBe(4);
  });

  it("is left out of --dag=all, which ends well though something is missing", async () => {
    const list = await run("--list");
    expect(list.out).toMatch(/coverage .* by name/);
    const all = await run("--dag=all", "--json", "--dry-run", `--symbols=${symbol()}`);
    expect(JSON.parse(all.out).plans.map(({ dag }: { dag: string }) => dag)).toEqual([
      "instruments",
      "historic",
    ]);
  });
});
