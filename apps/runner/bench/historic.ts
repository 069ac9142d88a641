import { candleHistory, instrumentMaster, RunEvent, Where } from "@candlewick/core";
import { Effect, Stream } from "effect";
import { join } from "node:path";
import { openSink, openSource, runDag, sandboxProcess } from "../e2e/workspace.ts";
import { connect, urlIn } from "./psql.ts";
import { count, millis, peakMemory, type Result } from "./result.ts";

const INSTRUMENTS = 1_000;

const floorScript = (csv: string): string => `
drop table if exists floor_candles;
create table floor_candles (like kite_ohlcv_historic including all);
create temporary table stage (like kite_ohlcv_historic);
\\copy stage from '${csv}' with (format csv)
insert into floor_candles select * from stage s where not exists (
  select from floor_candles f
  where f.instrument_id = s.instrument_id and f."interval" = s."interval" and f.ts = s.ts
);
`;

/** Day candles of many instruments from a source without a limit. */
export const throughput = (directory: string) =>
  Effect.scoped(Effect.gen(function* () {
    const sink = yield* openSink("postgres", directory);
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

    const psql = yield* connect(urlIn(sink.location));
    let floor: number | undefined;
    if (psql !== undefined) {
      const csv = join(directory, "candles.csv");
      yield* psql.run(`\\copy ${candleHistory(source.info).name} to '${csv}' with (format csv)\n`);
      floor = candles / (yield* psql.time(floorScript(csv))) * 1_000;
      yield* psql.run("drop table floor_candles;");
      yield* Effect.promise(() => Deno.remove(csv));
    }
    return {
      name: `historic, no limit, day candles of ${listings.length} instruments (${count(candles)} candles, ` +
        `${summary.counts["requests"]} requests)`,
      target: "at least 100,000 candles/s",
      measured: `${count(rate)}/s in ${millis(elapsed)}`,
      floor: floor === undefined ? "psql not found" : `psql ${count(floor)}/s`,
      ratio: floor === undefined ? "-" : `${(rate / floor).toFixed(2)} x`,
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
