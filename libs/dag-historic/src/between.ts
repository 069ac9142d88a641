import type { Candle, RangeSet } from "@candlewick/core";

/** Index of the first candle at or after an instant; candles oldest first. */
const indexFrom = (candles: ReadonlyArray<Candle.Candle>, instant: number): number => {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (candles[middle]!.ts < instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The candles of a range, or of disjoint ranges; oldest first, as given. */
export const between = (
  candles: ReadonlyArray<Candle.Candle>,
  ranges: RangeSet.RangeSet,
): ReadonlyArray<Candle.Candle> => {
  const [only] = ranges;
  if (only === undefined) return [];
  if (ranges.length > 1) return ranges.flatMap((range) => between(candles, [range]));
  return candles.slice(indexFrom(candles, only.from), indexFrom(candles, only.to));
};
