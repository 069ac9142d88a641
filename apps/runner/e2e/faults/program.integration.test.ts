import { candleFailures, type CandleRow, restatements } from "@candlewick/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ended, makeRealProject, type TestProject } from "../../testing/project.ts";
import { startPostgres, type TestServer } from "../postgres.ts";
import { type Exchange, type Rule, startExchange } from "./exchange.ts";
import { datasets, openStore, type Store } from "./store.ts";

/** The program itself, on a server and a sandbox of its own; the tests build on each other. */
let project: TestProject;
let server: TestServer;
let exchange: Exchange & AsyncDisposable;
let store: Store & AsyncDisposable;
beforeAll(async () => {
  project = makeRealProject();
  server = await startPostgres();
  exchange = await startExchange();
  const url = await server.freshDatabase();
  store = await openStore(url);
  project.write(
    ".env",
    [
      `DATABASE_URL=${url}`,
      `KITE_ROOT=${exchange.url}`,
      `KITE_API_KEY=${exchange.apiKey}`,
      `KITE_ACCESS_TOKEN=${exchange.accessToken}`,
    ].join("\n"),
  );
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await exchange[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  project.remove();
});

const SYMBOLS = ["NSE:EMBERBANK", "NSE:TAR&TALLOW", "NSE:BEESWAX"] as const;
const VICTIM = SYMBOLS[1];
const SPLIT: Rule = { fault: "split", symbol: VICTIM, exDate: "2024-08-13", ratio: 4 };

const args = (to: string, symbols: ReadonlyArray<string> = SYMBOLS) => [
  "--dag=historic",
  `--symbols=${symbols.join(",")}`,
  "--from=2012-01-01",
  `--to=${to}`,
  "--retry-delay=10ms",
  "--retry-attempts=3",
  "--json",
];
const [FIRST, SECOND, THIRD] = ["2024-06-28", "2024-07-31", "2024-08-30"];

const run = (
  to: string,
  rules: ReadonlyArray<Rule> = [],
  symbols?: ReadonlyArray<string>,
): Promise<Ended> => {
  exchange.setFaults({ rules });
  exchange.clear();
  return project.run(args(to, symbols));
};

const historic = ({ err, out }: Ended) => {
  if (out === "") throw new Error(err);
  return JSON.parse(out).dags.find(({ dag }: { readonly dag: string }) => dag === "historic");
};

const candlesOf = async (symbol: string): Promise<ReadonlyArray<CandleRow>> => {
  const [listing] = (await store.rows(datasets.master)).filter((row) =>
    `${row.exchange}:${row.tradingsymbol}` === symbol && row.delisted_at === null
  );
  return (await store.candles()).filter((row) => row.instrument_id === listing!.instrument_id);
};

/** A candle without the time it was fetched. */
const text = ({ fetched_at: _, ...candle }: CandleRow): string => JSON.stringify(candle);

it("exit code 3: one instrument fails, with the reason and the tries; the others complete", async () => {
  const end = await run(FIRST, [{ fault: "unavailable", status: 502, body: "html", symbol: VICTIM }]);
  expect(end.code).toBe(3);
  expect(historic(end)).toMatchObject({
    outcome: "partial",
    counts: { complete: 2, failed: 1 },
    failures: [{ unit: VICTIM, reason: "Unavailable", message: expect.stringContaining("502") }],
  });
  expect(await store.rows(candleFailures)).toMatchObject([{ reason: "Unavailable", tries: 3 }]);
  expect(await candlesOf(VICTIM)).toEqual([]);
});

it("exit code 0: the vendor is well again, what was missing is fetched, and the failure goes", async () => {
  const end = await run(FIRST);
  expect(end.code).toBe(0);
  expect(historic(end)).toMatchObject({ outcome: "done", counts: { complete: 3, failed: 0 } });
  expect(await store.rows(candleFailures)).toEqual([]);
  expect(await candlesOf(VICTIM)).not.toEqual([]);
  const again = await run(FIRST);
  expect(again.code).toBe(0);
  expect(historic(again)).toMatchObject({ outcome: "nothing", counts: { requests: 0 } });
});

it("exit code 1: every instrument fails; what is stored stays", async () => {
  const before = await store.contents();
  const end = await run(SECOND, [{ fault: "html", route: "historical" }]);
  expect(end.code).toBe(1);
  expect(historic(end)).toMatchObject({ outcome: "failed", counts: { complete: 0, failed: 3 } });
  const { candles, coverage, failures } = await store.contents();
  expect({ candles, coverage }).toEqual({ candles: before.candles, coverage: before.coverage });
  expect(failures).toHaveLength(3);
});

it("exit code 4: the token dies in mid-run and nobody can log in; what was fetched before it is kept", async () => {
  const before = (await store.candles()).length;
  const end = await run(SECOND, [{ fault: "token-death", route: "historical", nth: 2 }]);
  expect(end.code).toBe(4);
  expect(historic(end)).toMatchObject({ outcome: "unauthorised", hint: expect.stringContaining("login") });
  // No try of a series is counted for it.
  expect((await store.rows(candleFailures)).every(({ reason, tries }) => reason === "Corrupt" && tries === 3))
    .toBe(true);
  expect((await store.candles()).length).toBeGreaterThanOrEqual(before);

  project.write(
    ".env",
    project.read(".env").replace(/KITE_ACCESS_TOKEN=.*/, `KITE_ACCESS_TOKEN=${exchange.login()}`),
  );
  const mended = await run(SECOND);
  expect(mended.code).toBe(0);
  expect(historic(mended)).toMatchObject({ counts: { complete: 3, failed: 0 } });
  expect(await store.rows(candleFailures)).toEqual([]);
});

it("killed while it fetches a restated series afresh: the old series stays, and the next run replaces it", async () => {
  const old = await candlesOf(VICTIM);
  exchange.clear();
  exchange.setFaults({
    rules: [SPLIT, { fault: "hang", symbol: VICTIM, nth: 4, times: "always" }],
  });
  const first = project.start(args(THIRD));
  while (exchange.faults().rules[1]!.worked === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  first.signalAll("SIGKILL");
  await first.ended;
  expect(await candlesOf(VICTIM)).toEqual(old);
  expect(await store.rows(restatements)).toEqual([]);
  expect(await store.rows(datasets.staging)).not.toEqual([]);

  const end = await run(THIRD, [SPLIT]);
  expect(end.code).toBe(0);
  expect(historic(end)).toMatchObject({ counts: { restated: 1, complete: 3, failed: 0 } });
  const found = await candlesOf(VICTIM);
  expect(await store.rows(restatements)).toMatchObject([{ factor: "0.25", candles: found.length }]);
  expect(await store.rows(datasets.staging)).toEqual([]);

  const url = await server.freshDatabase();
  const undisturbed = await project.run(args(THIRD), { DATABASE_URL: url });
  expect(undisturbed.code).toBe(0);
  await using elsewhere = await openStore(url);
  expect((await store.candles()).map(text)).toEqual((await elsewhere.candles()).map(text));
});
