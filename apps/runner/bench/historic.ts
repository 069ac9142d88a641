import {
  type CandleHistory,
  candleHistory,
  type CandleRow,
  Dataset,
  instrumentMaster,
  RunEvent,
  type Sink,
  Where,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { join } from "node:path";
import { openSink, openSource, runDag, sandboxProcess } from "../e2e/workspace.ts";
import { floorOf, type StoreId } from "./floor.ts";
import { count, millis, peakMemory, type Result } from "./result.ts";
import { candleScripts } from "./scripts.ts";

const INSTRUMENTS = 1_000;

const field = (value: unknown): string => value === null ? "" : String(value);

/** Stored candles as the CSV that floors are fed with. */
const writeCsv = (sink: Sink.Sink["Service"], history: CandleHistory, path: string) =>
  Effect.gen(function* () {
    const file = yield* Effect.promise(() => Deno.open(path, { write: true, create: true, truncate: true }));
    const encoder = new TextEncoder();
    const line = (row: CandleRow) =>
      Dataset.columnNames(history).map((name) =>
        history.columns[name].type === "timestamp"
          ? new Date(Number(row[name])).toISOString()
          : field(row[name])
      ).join(",");
    yield* Stream.runForEach(sink.select(history), (batch) =>
      Effect.promise(async () => {
        const bytes = encoder.encode(batch.map((row) => `${line(row)}\n`).join(""));
        for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      }));
    file.close();
  });

/** Day candles of many instruments from a source without a limit. */
export const throughput = (store: StoreId) => (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink(store, directory);
    const settings = yield* sandboxProcess("kite-sandbox", ["--no-limits"]);
    const source = yield* openSource("kite", settings, "none");
    yield* runDag("instruments", {}, { source, sink });
    const master = instrumentMaster(source.info);
    const where = Where.on(master);
    const listings = (yield* Stream.runCollect(sink.select(master, {
      columns: ["exchange", "tradingsymbol"],
      where: [where.eq("instrument_type", "EQ"), where.in("segment", ["NSE", "BSE"])],
      orderBy: ["instrument_id"],
      limit: INSTRUMENTS,
    }))).flat();
    const symbols = listings.map((one) => `${one.exchange}:${one.tradingsymbol}`);

    const began = performance.now();
    const summary = yield* runDag("historic", { symbols }, { source, sink });
    const elapsed = performance.now() - began;
    const candles = summary.counts["inserted"] ?? 0;
    const rate = candles / elapsed * 1_000;
    const peak = peakMemory();

    const floor = yield* floorOf(store, sink, directory);
    let reference: number | undefined;
    if (floor !== undefined) {
      const csv = join(directory, "candles.csv");
      yield* writeCsv(sink, candleHistory(source.info), csv);
      const { merge, prepare } = candleScripts[store];
      yield* floor.run(prepare);
      reference = candles / (yield* floor.time(merge(csv))) * 1_000;
    }
    const name = floor?.name ?? "psql";
    return {
      name:
        `${store}: historic, no limit, day candles of ${listings.length} instruments (${
          count(candles)
        } candles, ` +
        `${summary.counts["requests"]} requests)`,
      target: "at least 100,000 candles/s",
      measured: `${count(rate)}/s in ${millis(elapsed)}`,
      floor: reference === undefined ? `${name} not found` : `${name} ${count(reference)}/s`,
      ratio: reference === undefined ? "-" : `${(rate / reference).toFixed(2)} x`,
      holds: rate >= 100_000,
      peak,
    } satisfies Result;
  }));

/** The sandbox's default limit, kept as the vendor keeps it. */
export const limited = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink("postgres", directory);
    const settings = yield* sandboxProcess("kite-sandbox", ["--seed", "2"]);
    const source = yield* openSource("kite", settings, "declared");
    yield* runDag("instruments", {}, { source, sink });
    const times: Array<number> = [];
    let refused = 0;
    yield* runDag("historic", {
      from: "2016-01-01",
      exchanges: "NSE",
      instrumentTypes: "EQ",
      to: "2020-12-31",
    }, {
      source,
      sink,
    }).pipe(
      Effect.provideService(RunEvent.RunEvents, {
        publish: (event) =>
          Effect.sync(() => {
            if (event._tag === "Progress" && event.done > 0) times.push(performance.now());
            if (event._tag === "Retrying" && event.reason === "RateLimited") refused++;
          }),
      }),
      Effect.timeoutOption("45 seconds"),
    );
    const rate = (times.length - 1) / (times[times.length - 1]! - times[0]!) * 1_000;
    return {
      name: `historic, limit 3/s, ${times.length} requests`,
      target: "at least 98% of the limit, none too many",
      measured: `${rate.toFixed(3)}/s, ${refused} refused`,
      floor: "limit 3/s",
      ratio: `${(rate / 3 * 100).toFixed(1)}%`,
      holds: rate / 3 >= 0.98 && refused === 0,
      peak: peakMemory(),
    } satisfies Result;
  }));
