import { type Calendar, type Candle, type Listing, MarketTime } from "@candlewick/core";

/**
 * Tells candles on days that the exchange's calendar calls closed. Days outside its span, and exchanges without a
 * calendar, are never unexpected. Each day is looked up once, for it is asked of every candle.
 */
export const unexpectedBy = (calendars: ReadonlyMap<string, Calendar.Calendar>, timeZone: string) => {
  const judges = new Map(
    [...calendars].map(([exchange, calendar]) => [exchange, judgeOf(calendar, timeZone)]),
  );
  return ({ exchange }: Pick<Listing.Listing, "exchange">, { ts }: Pick<Candle.Candle, "ts">): boolean =>
    judges.get(exchange)?.(ts) ?? false;
};

const judgeOf = (calendar: Calendar.Calendar, timeZone: string) => {
  /** By midnight: what a day candle's start is. */
  const byMidnight = new Map<number, boolean>();
  let from = Infinity;
  let to = -Infinity;
  let isUnexpected = false;
  return (ts: number): boolean => {
    if (ts >= from && ts < to) return isUnexpected;
    const known = byMidnight.get(ts);
    if (known !== undefined) return known;
    const day = MarketTime.dayOf(ts, timeZone);
    from = MarketTime.dayStart(day, timeZone);
    to = MarketTime.dayStart(MarketTime.addDays(day, 1), timeZone);
    isUnexpected = day >= calendar.from && day <= calendar.to && calendar.sessionOn(day) === undefined;
    byMidnight.set(from, isUnexpected);
    return isUnexpected;
  };
};
