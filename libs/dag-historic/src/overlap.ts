import {
  type CandleHistory,
  type CandleRow,
  type Coverage,
  Interval,
  type PluginError,
  type RangeSet,
  type Sink,
} from "@candlewick/core";
import { Effect } from "effect";
import { slackOf } from "./planning.ts";
import { finalCandles } from "./stored.ts";

/**
 * Requests reach back into what is stored, so that history that the vendor changed is noticed without a request
 * of its own.
 */

const DAY = 86_400_000;
/** How far back candles are compared where there are many: late adjustments come days, not months, after the event. */
const MAX_REACH = 30 * DAY;
/** At least over a long weekend. */
const MIN_REACH = 4 * DAY;
/** Candle lengths in the reach, between those bounds: an answer should not be mostly overlap. */
const REACH = 1_600;

/** How far a request may reach beyond what is missing, milliseconds. */
export const reachOf = (interval: Interval.Interval): number =>
  Math.min(MAX_REACH, Math.max(MIN_REACH, REACH * Interval.millis(interval)));

/** Stored final candles that the requests for a missing range are compared with. */
export interface Overlap {
  /** What to ask for instead of the missing range alone. */
  readonly asked: RangeSet.Range;
  /** Oldest first; none when nothing is stored. */
  readonly stored: ReadonlyArray<CandleRow>;
  /** Whether `asked` holds them; otherwise they lie too far away for the same requests. */
  readonly isWithin: boolean;
}

/**
 * Finds the stored candles to compare with: those just before the missing range, else the last one before it,
 * however long ago; else the same after the range, when history is fetched backwards.
 */
export const findOverlap = Effect.fnUntraced(function* (
  sink: Sink.Sink["Service"],
  candles: CandleHistory,
  series: Coverage.Series,
  range: RangeSet.Range,
  span: number,
): Effect.fn.Return<Overlap, PluginError.PluginError> {
  const stored = (asked: Parameters<typeof finalCandles>[3]) => finalCandles(sink, candles, series, asked);
  const length = Interval.millis(series.interval);
  const slack = slackOf(range, span);
  const reach = Math.min(reachOf(series.interval), slack);

  const before = yield* stored({ from: range.from - reach, to: range.from });
  if (before.length > 0) {
    return { asked: { from: before[0]!.ts, to: range.to }, stored: before, isWithin: true };
  }
  const lastBefore = yield* stored({ to: range.from, order: "desc", limit: 1 });
  if (lastBefore.length > 0) {
    const { ts } = lastBefore[0]!;
    return range.from - ts <= slack
      ? { asked: { from: ts, to: range.to }, stored: lastBefore, isWithin: true }
      : { asked: range, stored: lastBefore, isWithin: false };
  }
  const isWithin = ({ ts }: CandleRow) => ts + length <= range.to + slack;
  const near = (yield* stored({ from: range.to, to: range.to + reach })).filter(isWithin);
  const after = near.length > 0 ? near : yield* stored({ from: range.to, limit: 1 });
  const last = after[after.length - 1];
  return last !== undefined && isWithin(last)
    ? { asked: { from: range.from, to: last.ts + length }, stored: after, isWithin: true }
    : { asked: range, stored: after, isWithin: false };
});

/** How many candles older than some are compared when those leave it open what changed. */
const FURTHER = 30;

/** The final candles stored just before an instant, oldest first, no further back than one request reaches. */
export const olderThan = (
  sink: Sink.Sink["Service"],
  candles: CandleHistory,
  series: Coverage.Series,
  instant: number,
  span: number,
): Effect.Effect<ReadonlyArray<CandleRow>, PluginError.PluginError> =>
  Effect.map(
    finalCandles(sink, candles, series, { to: instant, order: "desc", limit: FURTHER }),
    (newestFirst) => {
      const rows = newestFirst.toReversed();
      const last = rows[rows.length - 1];
      return last === undefined
        ? []
        : rows.filter(({ ts }) => last.ts - ts < span - Interval.millis(series.interval));
    },
  );
