import { type Candle, type CandleRow, Decimal } from "@candlewick/core";
import { any, both, factorsOf, isEmpty, simplest } from "./factor.ts";

/** A candle that is stored as final, and the vendor's answer for the same time. Oldest first, in lists. */
export interface Pair {
  readonly stored: Pick<CandleRow, keyof Candle.Candle>;
  readonly answered: Candle.Candle;
}

/**
 * What a vendor's answer says of stored history:
 *
 * - `same`: nothing changed
 * - `corrected`: single candles changed, as vendors do late; these
 * - `restated`: all before some instant changed, as after a split; the factor where it is one
 * - `uncertain`: older candles must be compared to tell which
 * - `doubtful`: this can be neither; perhaps another instrument's candles
 */
export type Judgement =
  | { readonly _tag: "Same" }
  | { readonly _tag: "Corrected"; readonly changed: ReadonlyArray<Pair> }
  | { readonly _tag: "Restated"; readonly before: number; readonly factor: string | null }
  | { readonly _tag: "Uncertain" }
  | { readonly _tag: "Doubtful" };

const same = (left: string, right: string): boolean => left === right || Decimal.equals(left, right);

const hasOtherPrices = ({ answered, stored }: Pair): boolean =>
  !same(stored.open, answered.open) || !same(stored.high, answered.high) ||
  !same(stored.low, answered.low) || !same(stored.close, answered.close);

/** No price is what it was: a correction seldom goes so far, another instrument's candle always does. */
const isForeign = ({ answered, stored }: Pair): boolean =>
  !same(stored.open, answered.open) && !same(stored.high, answered.high) &&
  !same(stored.low, answered.low) && !same(stored.close, answered.close);

const isChanged = (pair: Pair): boolean =>
  hasOtherPrices(pair) || pair.stored.volume !== pair.answered.volume || pair.stored.oi !== pair.answered.oi;

/**
 * Judges stored candles against the answer. An adjustment multiplies the prices of every candle before its
 * ex-date, however late the vendor makes it, so the changed ones are the oldest, without a gap, and in each the
 * four prices moved by one factor. A correction touches single candles.
 *
 * With `isAll` no older candle is to be had, or enough were added: the answer is never `Uncertain`.
 */
export const judge = (pairs: ReadonlyArray<Pair>, isAll: boolean): Judgement => {
  const changed = pairs.filter(isChanged);
  if (changed.length === 0) return { _tag: "Same" };
  const corrected: Judgement = { _tag: "Corrected", changed };
  const moved = pairs.filter(hasOtherPrices).length;
  if (moved === 0) return corrected;

  const firstKept = pairs.findIndex((pair) => !hasOtherPrices(pair));
  const oldest = firstKept === -1 ? pairs : pairs.slice(0, firstKept);
  if (oldest.length === 0) return moved * 2 <= pairs.length ? corrected : { _tag: "Doubtful" };

  const factors = oldest.map(({ answered, stored }) => factorsOf(stored, answered));
  const isProportional = factors.every((one) => !isEmpty(one));
  const isProven = oldest.length >= 2;
  if (isProven && isProportional) {
    const common = factors.reduce(both, any);
    return restated(pairs, oldest, isEmpty(common) ? null : simplest(common));
  }
  if (firstKept === -1 && !isProportional && pairs.every(isForeign)) return { _tag: "Doubtful" };
  if (!isAll) return { _tag: "Uncertain" };
  // A single candle that changed is a correction; older ones that all changed, with newer ones that did not, are
  // the same instrument's history, told anew by no factor we can name.
  if (!isProven) return corrected;
  return firstKept === -1 ? { _tag: "Doubtful" } : restated(pairs, oldest, null);
};

const restated = (
  pairs: ReadonlyArray<Pair>,
  oldest: ReadonlyArray<Pair>,
  factor: string | null,
): Judgement => {
  const next = pairs[oldest.length];
  const last = oldest[oldest.length - 1]!;
  return { _tag: "Restated", before: next?.stored.ts ?? last.stored.ts + 1, factor };
};

/**
 * Whether most candles have prices that no adjustment makes of the stored ones, so that they are another
 * instrument's. Each is looked at by itself: a history may have been adjusted more than once.
 */
export const isOfAnother = (pairs: ReadonlyArray<Pair>): boolean =>
  pairs.filter(({ answered, stored }) => isEmpty(factorsOf(stored, answered))).length * 2 > pairs.length;
