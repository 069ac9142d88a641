import { MarketTime, type Source } from "@candlewick/core";
import { DateTime } from "effect";

type Market = Pick<Source.SourceInfo, "dump" | "timeZone">;

/** The moment at which a vendor's dump of a day is ready. */
const readyOn = (day: MarketTime.Day, { dump, timeZone }: Market): number =>
  DateTime.toEpochMillis(
    DateTime.makeZonedUnsafe(`${day}T${dump.readyAt}:00`, { timeZone, adjustForTimeZone: true }),
  );

/**
 * The latest moment, at or before `now`, at which a dump of the day was ready: today's, or before that time of day
 * yesterday's. Days on which the market is closed count, too: vendors make a dump every day.
 */
export const latestReady = (now: number, market: Market): number => {
  const today = MarketTime.dayOf(now, market.timeZone);
  const ready = readyOn(today, market);
  return ready <= now ? ready : readyOn(MarketTime.addDays(today, -1), market);
};

/** Whether a dump that was fetched then is the latest that there is. */
export const isCurrent = (fetchedAt: number, now: number, market: Market): boolean =>
  fetchedAt >= latestReady(now, market);

/** `2025-09-15 09:05` in the vendor's zone. */
export const clockText = (instant: number, { timeZone }: Pick<Market, "timeZone">): string =>
  DateTime.formatIsoZoned(DateTime.makeZonedUnsafe(instant, { timeZone })).slice(0, 16).replace("T", " ");
