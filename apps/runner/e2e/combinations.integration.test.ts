import {
  candleHistory,
  type CandleRow,
  Decimal,
  instrumentMaster,
  type InstrumentRow,
  type RunSummary,
  type Sink,
  Where,
} from "@candlewick/core";
import { Effect, Exit, Scope, Stream } from "effect";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRealProject } from "../testing/project.ts";
import { arePresent, kite, recordedCandles, recordings, series } from "./recordings.ts";
import { openSink, openSource, runDag, sandboxProcess } from "./workspace.ts";

/** Sources on their recordings; each spells the recorded series in its own way. */
const sources = {
  kite: {
    sandbox: ["kite-sandbox", ["--replay", kite, "--date", "2019-10-25", "--no-limits"]],
    tokenType: "int64",
    listings: 64_363,
    symbolOf: (symbol: string) => symbol,
    expiry: "2019-10-31",
    tokens: { futures: 149, equities: 149 },
  },
  angelone: {
    sandbox: ["angelone-sandbox", [
      "--replay",
      join(recordings, "angelone/OpenAPIScripMaster.json.gz"),
      "--candles",
      join(kite, "historical"),
      "--no-limits",
    ]],
    tokenType: "text",
    listings: 127_276,
    symbolOf: (symbol: string) => `${symbol}-EQ`,
    expiry: "2025-09-30",
    tokens: { futures: 209, equities: 209 },
  },
} as const;

type SourceId = keyof typeof sources;
const sourceIds = Object.keys(sources) as ReadonlyArray<SourceId>;
const sinkIds = ["postgres", "duckdb"] as const;
type SinkId = typeof sinkIds[number];

const { runPromise: run } = Effect;
const all = <A>(rows: Stream.Stream<ReadonlyArray<A>, unknown>): Promise<ReadonlyArray<A>> =>
  run(Effect.map(Stream.runCollect(rows), (batches) => batches.flat()));

/** A row with its decimals by value, without what differs from run to run. */
const plain = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      ["last_updated", "created_at", "fetched_at"].includes(name)
        ? []
        : [[name, typeof value === "string" && Decimal.isDecimal(value) ? Decimal.normalize(value) : value]]
    ),
  );

describe.skipIf(!arePresent)("every source into every store (needs ../shared/recordings)", () => {
  let scope: Scope.Closeable;
  const opened = new Map<SourceId, Effect.Success<ReturnType<typeof openSource>>>();
  const stores = new Map<SinkId, Sink.Sink["Service"]>();
  const folders: Array<string> = [];

  beforeAll(async () => {
    scope = await run(Scope.make());
    for (const id of sourceIds) {
      const [sandbox, args] = sources[id].sandbox;
      const settings = await run(Scope.provide(sandboxProcess(sandbox, args), scope));
      opened.set(id, await run(Scope.provide(openSource(id, settings, "none"), scope)));
    }
    for (const id of sinkIds) {
      const folder = await Deno.makeTempDir({ prefix: "candlewick-e2e-" });
      folders.push(folder);
      stores.set(id, await run(Scope.provide(openSink(id, folder), scope)));
    }
  });

  afterAll(async () => {
    await run(Scope.close(scope, Exit.void));
    for (const folder of folders) await Deno.remove(folder, { recursive: true });
  });

  const job = (
    dag: string,
    source: SourceId,
    sink: SinkId,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<RunSummary.RunSummary> =>
    run(runDag(dag, parameters, { source: opened.get(source)!, sink: stores.get(sink)! }));

  const pairs = sourceIds.flatMap((source) => sinkIds.map((sink) => [source, sink] as const));

  it.each(pairs)(
    "instruments of %s into %s: every row of the dump, and nothing the second time",
    async (...at) => {
      const { listings } = sources[at[0]];
      expect((await job("instruments", ...at)).counts).toMatchObject({
        fetched: listings,
        inserted: listings,
        rejected: 0,
      });
      expect(await job("instruments", ...at)).toMatchObject({
        outcome: "nothing",
        counts: { inserted: 0, updated: 0, unchanged: listings },
      });
    },
  );

  it.each(pairs)(
    "tokens of %s into %s: every stock future with its equity and options, once a day",
    async (...at) => {
      const { expiry, tokens } = sources[at[0]];
      const summary = await job("tokens", ...at, { expiry });
      expect(summary.outcome).toBe("done");
      expect(summary.counts).toMatchObject({ ...tokens, unmapped: 0 });
      expect(summary.counts["options"]).toBeGreaterThan(1_000);
      expect((await job("tokens", ...at, { expiry })).outcome).toBe("nothing");
    },
  );

  it.each(pairs)(
    "historic of %s into %s: the recorded series, candle for candle, and then nothing",
    async (...at) => {
      const [source, sink] = at;
      const { symbolOf, tokenType } = sources[source];
      const store = stores.get(sink)!;
      const master = instrumentMaster({ id: source, tokenType });
      const history = candleHistory({ id: source });
      const parameters = {
        interval: "day",
        from: "2020-07-14",
        to: "2026-01-09",
        symbols: series().map(({ symbol }) => symbolOf(symbol)),
      };
      expect(await job("historic", ...at, parameters)).toMatchObject({
        outcome: "done",
        counts: { rejected: 0, failed: 0 },
      });
      expect(await job("historic", ...at, parameters)).toMatchObject({
        outcome: "nothing",
        counts: { requests: 0 },
      });
      for (const { symbol, token } of series()) {
        const [listing] = await all(store.select(master, {
          where: [
            Where.on(master).eq("exchange", "NSE"),
            Where.on(master).eq("tradingsymbol", symbolOf(symbol).slice("NSE:".length)),
          ],
        }));
        const stored = await all(store.select(history, {
          where: [Where.on(history).eq("instrument_id", listing!.instrument_id)],
          orderBy: ["ts"],
        }));
        expect(
          stored.map((row) => [
            row.ts,
            ...[row.open, row.high, row.low, row.close].map(Decimal.normalize),
            String(row.volume),
          ]),
        ).toEqual(
          recordedCandles(token, "day").map(([stamp, open, high, low, close, volume]) => [
            Date.parse(stamp.replace("+0530", "+05:30")),
            ...[open, high, low, close].map(Decimal.normalize),
            volume,
          ]),
        );
      }
    },
  );

  it.each(sourceIds)("both stores hold the same rows of %s", async (source) => {
    const { tokenType } = sources[source];
    const [left, right] = await Promise.all(sinkIds.map(async (sink) => {
      const master = instrumentMaster({ id: source, tokenType });
      const history = candleHistory({ id: source });
      const listings: ReadonlyArray<InstrumentRow> = await all(
        stores.get(sink)!.select(master, { orderBy: ["instrument_id"] }),
      );
      const candles: ReadonlyArray<CandleRow> = await all(
        stores.get(sink)!.select(history, { orderBy: ["instrument_id", "ts"] }),
      );
      return { listings: listings.map(plain), candles: candles.map(plain) };
    }));
    expect(left!.listings.length).toBe(sources[source].listings);
    expect(left!.candles.length).toBe(24 * 1_367);
    expect(left!.listings).toEqual(right!.listings);
    expect(left!.candles).toEqual(right!.candles);
  });
});

describe("the program, without an account", () => {
  it.each([
    [["--dag=tokens", "--source=angelone", "--sink=duckdb"], ["instruments", "tokens"]],
    [["--dag=historic", "--source=angelone", "--sink=postgres", "--symbols=NSE:WICKFIN-EQ"], [
      "instruments",
      "historic",
    ]],
    [["--dag=instruments", "--source=kite", "--sink=duckdb"], ["instruments"]],
  ])("%j does its job, and then has nothing to do", async (args, dags) => {
    const project = makeRealProject();
    try {
      const first = await project.run([...args, "--json"]);
      expect({ code: first.code, err: first.err }).toMatchObject({ code: 0 });
      const ran: ReadonlyArray<{ readonly dag: string; readonly outcome: string }> =
        JSON.parse(first.out).dags;
      expect(ran.map(({ dag, outcome }) => [dag, outcome])).toEqual(dags.map((dag) => [dag, "done"]));
      const again = await project.run([...args, "--json"]);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.out).dags.at(-1).outcome).toBe("nothing");
    } finally {
      project.remove();
    }
  });
});
