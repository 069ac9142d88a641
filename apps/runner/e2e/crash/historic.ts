import { Effect, Exit, Scope } from "effect";
import { makeRealProject } from "../../testing/project.ts";
import { type Asked, type Look, lookAtCandles, lost, TRUTH } from "./candles.ts";
import { type Database, nameOf, type Server, setAside } from "./database.ts";
import { drawFrom } from "./draw.ts";
import { passingFaults } from "./faults.ts";
import { type Gate, install } from "./gate.ts";
import { openSandbox, type Sandbox } from "./parts.ts";
import { start } from "./program.ts";
import { readRequest, requestViolations } from "./requests.ts";
import { runRound, type Watch } from "./round.ts";
import { differences } from "./tables.ts";
import type { Counting } from "./series.ts";
import type { Stop } from "./tally.ts";

/** Evening of a trading day, Indian time: the present, as the sandbox pretends. */
export const TODAY = Date.parse("2025-06-18T18:30:00+05:30");

/** A selection of candles, with enough requests for a run of some seconds at the vendor's three a second. */
export interface Job extends Asked {
  readonly from: string;
  readonly to: string;
  /** Requests of an undisturbed run. */
  readonly requests: number;
}

/** Few large transactions, several requests to a transaction, one small transaction to a request. */
const selections = [
  { interval: "minute", from: "2025-02-01", to: "2025-05-31", instruments: 4, each: 2 },
  { interval: "60minute", from: "2021-06-01", to: "2025-05-31", instruments: 3, each: 4 },
  { interval: "day", from: "2020-06-01", to: "2025-05-31", instruments: 12, each: 1 },
] as const;

export const jobsOf = (sandbox: Pick<Sandbox, "selection">): ReadonlyArray<Job> =>
  selections.map(({ each, from, instruments, interval, to }) => ({
    symbols: sandbox.selection.slice(0, instruments),
    interval,
    from,
    to,
    requests: instruments * each,
  }));

export const argsOf = ({ from, interval, symbols, to }: Job): ReadonlyArray<string> => [
  "--dag=historic",
  `--symbols=${symbols.join(",")}`,
  `--interval=${interval}`,
  `--from=${from}`,
  `--to=${to}`,
];

export const gates: ReadonlyArray<Gate> = [
  { kind: "table", table: "kite_ohlcv_historic" },
  { kind: "table", table: "kite_ohlcv_coverage" },
  { kind: "commit", table: "kite_ohlcv_coverage" },
];

/** How the runner finds a sandbox and a store. */
export const environmentOf = (
  { accessToken, apiKey, url }: Sandbox,
  database: Pick<Database, "url"> | undefined,
): Readonly<Record<string, string>> => ({
  KITE_ROOT: url,
  KITE_API_KEY: apiKey,
  KITE_ACCESS_TOKEN: accessToken,
  ...(database === undefined ? {} : { DATABASE_URL: database.url }),
});

/** Runs the program undisturbed and tells the milliseconds that took. */
export const undisturbed = async (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<number> => {
  const { code, err, out, took } = await start([...args, "--json"], { cwd: folder, env }).ended;
  if (code !== 0) throw new Error(`an undisturbed run ended with ${code}:\n${err}${out}`);
  return took;
};

/** Uses a sandbox, and ends it. */
export const withSandbox = async <A>(
  options: Parameters<typeof openSandbox>[0],
  use: (sandbox: Sandbox) => Promise<A>,
): Promise<A> => {
  const scope = await Effect.runPromise(Scope.make());
  try {
    return await use(await Effect.runPromise(Scope.provide(openSandbox(options), scope)));
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void));
  }
};

/** What rounds of `historic` begin with: databases to copy, and how long their jobs take undisturbed. */
export interface Prepared {
  /** Holds the truth and nothing else. */
  readonly bare: string;
  /** Holds the truth, and the listings that `historic` needs. */
  readonly listed: string;
  readonly lengths: ReadonlyMap<string, number>;
}

/** Lets undisturbed runs store what there is, and sets it aside as the truth. */
export const prepare = (server: Server): Promise<Prepared> =>
  withSandbox({ now: TODAY, latencyMillis: 0 }, async (sandbox) => {
    const project = makeRealProject();
    const names = { bare: "historic_bare", listed: "historic_listed" };
    try {
      const database = await server.make(names.bare);
      const env = environmentOf(sandbox, database);
      const lengths = new Map<string, number>();
      for (const job of jobsOf(sandbox)) {
        lengths.set(job.interval, await undisturbed(argsOf(job), env, project.folder));
      }
      await setAside(database, TRUTH);
      await install(database);
      await database.close();
      const listed = await server.make(names.listed, names.bare);
      await undisturbed(["--dag=instruments"], environmentOf(sandbox, listed), project.folder);
      await undisturbed(["--dag=historic", "--dry-run"], environmentOf(sandbox, listed), project.folder);
      await listed.close();
      return { ...names, lengths };
    } finally {
      project.remove();
    }
  });

/**
 * Holds candles and requests to the truth while programs come and go. Where a watch does not last, `first` is the
 * look of the one before and `keep` is told each further one.
 */
export const watchCandles = (
  database: Database,
  asked: Asked,
  hasFaults: boolean,
  first: Look = { covered: new Map(), stored: 0, violations: [] },
  keep: (look: Look) => void = () => {},
): Watch => {
  let before = first;
  return {
    check: async (requests) => {
      const after = await lookAtCandles(database, asked);
      const candleRequests = requests.filter(({ route }) => route === "historical").map(readRequest);
      const problems = [
        ...after.violations,
        ...lost(before, after),
        ...requestViolations(candleRequests, before.covered, hasFaults),
      ];
      before = after;
      keep(after);
      return problems;
    },
    checkEnd: () => differences(database, "public", TRUTH, { interval: asked.interval }),
  };
};

/** One round of `historic` on a database of its own. */
export const historicRound = async (
  server: Server,
  prepared: Prepared,
  options: { readonly seed: string; readonly stop: Stop; readonly faults: boolean },
  counting: Counting,
): Promise<void> => {
  const draw = drawFrom(`${options.seed} round`);
  const isBare = draw.chance(0.3);
  const latencyMillis = draw.whole(5, 150);
  const name = nameOf(options.seed);
  const share = options.faults ? draw.pick([0.1, 0.3]) : 0;
  const sandbox = {
    now: TODAY,
    latencyMillis,
    ...(share === 0 ? {} : { faults: passingFaults(drawFrom(`${options.seed} faults`), share) }),
  };
  await withSandbox(sandbox, async (sandbox) => {
    const job = draw.pick(jobsOf(sandbox));
    const project = makeRealProject();
    const database = await server.make(name, isBare ? prepared.bare : prepared.listed);
    try {
      await runRound({
        seed: options.seed,
        stop: options.stop,
        args: [...argsOf(job), "--retry-delay=20ms", "--retry-attempts=12"],
        folder: project.folder,
        env: { ...environmentOf(sandbox, database), KITE_REQUEST_TIMEOUT: "3s" },
        range: {
          length: prepared.lengths.get(job.interval)!,
          requests: job.requests,
          gates: isBare ? [...gates, { kind: "definition" }] : gates,
        },
        route: "historical",
        hasFaults: options.faults,
        database,
        sandbox,
        watch: watchCandles(database, job, options.faults),
      }, counting);
    } finally {
      await database.close();
      await server.drop(name);
      project.remove();
    }
  });
};
