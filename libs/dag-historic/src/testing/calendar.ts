import { type Calendar, MarketTime, type Source } from "@candlewick/core";
import type { PretendMarket } from "@candlewick/core/testing";
import { Effect } from "effect";
import { dailyFrom, DAY, TODAY } from "./setting.ts";

export const IST = "Asia/Kolkata";
export const HOUR = 3_600_000;
export const text = (ts: number): string => MarketTime.dayOf(ts, IST);
export const daysAgo = (days: number): number => TODAY - days * DAY;
/** The first day that runs ask for. */
export const from = text(daysAgo(100));

/** An exchange that trades every day from 09:15 to 15:30, but for some days. */
export const calendarWithout = (closed: ReadonlySet<MarketTime.Day>): Calendar.Calendar => {
  const sessionOn = (day: MarketTime.Day): Calendar.Session | undefined => {
    if (closed.has(day)) return undefined;
    const midnight = MarketTime.dayStart(day, IST);
    const period = { from: midnight + 9.25 * HOUR, to: midnight + 15.5 * HOUR };
    return { day, opens: period.from, closes: period.to, periods: [period] };
  };
  return {
    exchange: "NSE",
    timeZone: IST,
    from: "2000-01-01",
    to: "2026-12-31",
    sessionOn,
    closedFor: (day) => closed.has(day) ? "holiday" : undefined,
    layers: [],
  };
};

/** A run that knows such a calendar. */
export const trading = (...closed: ReadonlyArray<MarketTime.Day>) => {
  const calendar = calendarWithout(new Set(closed));
  return { of: () => Effect.succeed(calendar), exchanges: ["NSE"] };
};

/** A market with a candle for each of the last 90 days, but for some. */
export const lacking = (days: ReadonlySet<number>): PretendMarket => ({
  candles: (request: Source.CandleRequest) =>
    Effect.map(dailyFrom(daysAgo(90))(request), (batch) => ({
      ...batch,
      candles: batch.candles.filter(({ ts }) => !days.has(ts)),
    })),
});
