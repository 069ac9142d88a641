import { Effect, Stream } from "effect";
import type { CandleFault } from "./Candle.ts";
import type { Knowledge } from "./Completeness.ts";
import { type Covered, type Series, sliceOf } from "./Coverage.ts";
import { candleFailures, type FailureRow } from "./datasets/CandleFailures.ts";
import type { CandleHistory } from "./datasets/CandleHistory.ts";
import { rejectedRecords } from "./datasets/RejectedRecords.ts";
import type { Interval } from "./Interval.ts";
import * as MarketTime from "./MarketTime.ts";
import type { PluginError } from "./PluginError.ts";
import type { Sink } from "./Sink.ts";
import * as Where from "./Where.ts";

/** Series of a source at one interval whose last fetch failed, by instrument; one query. */
export const failuresOf = (
  sink: Sink["Service"],
  source: string,
  interval: Interval,
): Effect.Effect<ReadonlyMap<number, FailureRow>, PluginError> => {
  const where = Where.on(candleFailures);
  return sink.select(candleFailures, { where: [where.eq("source", source), where.eq("interval", interval)] })
    .pipe(
      Stream.runFold((): Map<number, FailureRow> => new Map(), (found, rows) => {
        for (const row of rows) found.set(row.instrument_id, row);
        return found;
      }),
    );
};

const PLACEHOLDER: CandleFault = "zero-price placeholder";

/**
 * What the store knows of one series between two instants: a few queries, of which the one for the candles reads
 * their stamps only.
 */
export const load = Effect.fnUntraced(function* (
  sink: Sink["Service"],
  at: {
    readonly source: string;
    readonly candles: CandleHistory;
    readonly series: Series;
    readonly from: number;
    readonly to: number;
    readonly timeZone: string;
    readonly covered: Covered;
    readonly failure: FailureRow | undefined;
  },
): Effect.fn.Return<Knowledge, PluginError> {
  const { candles, failure, series } = at;
  const where = Where.on(candles);
  const own = sliceOf(candles, series);
  const dayOf = MarketTime.dayFinder(at.timeZone);

  const present = yield* sink.select(candles, {
    columns: ["ts", "is_final"],
    where: [...own, where.gte("ts", at.from), where.lt("ts", at.to)],
    orderBy: ["ts"],
  }).pipe(Stream.runFold((): Map<MarketTime.Day, boolean> => new Map(), (days, rows) => {
    for (const { is_final, ts } of rows) {
      const day = dayOf(ts);
      days.set(day, (days.get(day) ?? true) && is_final);
    }
    return days;
  }));
  const first = (yield* Stream.runCollect(
    sink.select(candles, { columns: ["ts"], where: own, orderBy: ["ts"], limit: 1 }),
  )).flat()[0];
  const firstEver = first === undefined ? undefined : dayOf(first.ts);

  const records = Where.on(rejectedRecords);
  const rejected = (yield* Stream.runCollect(sink.select(rejectedRecords, {
    columns: ["ts", "reason"],
    where: [
      records.eq("subject", `${series.instrumentId}:${series.interval}`),
      records.eq("source", at.source),
      records.eq("dataset", candles.name),
      records.isNotNull("ts"),
    ],
  }))).flat().flatMap(({ reason, ts }) => ts === null ? [] : [{ day: dayOf(ts), reason }]);
  // Placeholders before the first candle stand for days on which there was none to reject.
  const isLost = ({ day, reason }: { readonly day: MarketTime.Day; readonly reason: string }) =>
    reason !== PLACEHOLDER || firstEver === undefined || day >= firstEver;
  return {
    covered: at.covered,
    present,
    firstEver,
    rejected: new Set(rejected.filter(isLost).map(({ day }) => day)),
    ...(failure === undefined ? {} : {
      failure: {
        from: failure.range_start,
        to: failure.range_end,
        message: failure.message,
        tries: failure.tries,
      },
    }),
  };
});
