import type { Candle, Rejection, Source } from "@candlewick/core";

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * Why an answer cannot be the answer to this request, or undefined when it can: every candle inside the range
 * asked for, oldest first, none twice, and not all of them unusable. A vendor that breaks this may have sent another instrument's candles or
 * another day's, so no part of it is stored.
 */
export const distrust = (
  request: Pick<Source.CandleRequest, "from" | "to">,
  { candles, rejected }: Candle.CandleBatch,
): string | undefined => {
  if (candles.length === 0 && rejected.filter(isFaulty).length > 1) {
    return `all ${rejected.length} candles are unusable, the first because of: ${rejected[0]!.reason}`;
  }
  let last = -Infinity;
  for (const { ts } of candles) {
    if (ts < request.from || ts >= request.to) {
      return `a candle of ${iso(ts)} in an answer to ${iso(request.from)} until ${iso(request.to)}`;
    }
    if (ts <= last) {
      return ts === last ? `two candles of ${iso(ts)}` : `a candle of ${iso(ts)} after one of ${iso(last)}`;
    }
    last = ts;
  }
  return undefined;
};

/** Placeholders before a listing are what vendors send for nothing; they say nothing against the answer. */
const isFaulty = ({ reason }: Rejection.Rejection): boolean => reason !== "zero-price placeholder";
