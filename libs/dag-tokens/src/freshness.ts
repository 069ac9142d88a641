import { MarketTime, type Source } from "@candlewick/core";

type Market = Pick<Source.SourceInfo, "dump" | "timeZone">;

/**
 * The latest moment, at or before `now`, at which a dump of the day was ready: today's, or before that time of day
 * yesterday's. Days on which the market is closed count, too: vendors make a dump every day.
 */
export const latestReady = (now: number, { dump, timeZone }: Market): number => {
  const today = MarketTime.dayOf(now, timeZone);
  const ready = MarketTime.timeOn(today, dump.readyAt, timeZone);
  return ready <= now ? ready : MarketTime.timeOn(MarketTime.addDays(today, -1), dump.readyAt, timeZone);
};

/** Whether a dump that was fetched then is the latest that there is. */
export const isCurrent = (fetchedAt: number, now: number, market: Market): boolean =>
  fetchedAt >= latestReady(now, market);

/** `2025-09-15 09:05` in the vendor's zone. */
export const clockText = (instant: number, { timeZone }: Pick<Market, "timeZone">): string =>
  MarketTime.clockText(instant, timeZone).slice(0, 16);
