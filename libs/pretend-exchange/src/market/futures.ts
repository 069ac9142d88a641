import { dayAfterExpiry, type Month, monthlyExpiry, monthOf } from "../calendar/expiry.ts";
import { tradingDayFrom } from "../calendar/sessions.ts";
import { hash, substream } from "../random.ts";
import type { Day } from "../time.ts";
import { lotAtListing, lotOn, monthTag } from "./contract-terms.ts";
import { futureToken } from "./contract-tokens.ts";
import { type ContinuousPart, type Instrument, instrumentToken } from "./instrument.ts";
import { type Series, UNITS_PER_RUPEE } from "./series.ts";
import type { Underlying } from "./underlyings.ts";

const CARRY_PER_DAY = 0.065 / 365;

/** When the contracts of a month can first trade, with `months` listed at a time. */
export const listingOf = (underlying: Underlying, month: Month, months: number): Day =>
  Math.max(
    dayAfterExpiry(monthlyExpiry(underlying.expiry, month - months)),
    tradingDayFrom(underlying.since),
  );

const futureSeries = (underlying: Underlying, month: Month): Series => {
  const expiry = monthlyExpiry(underlying.expiry, month);
  const listed = listingOf(underlying, month, underlying.futureMonths);
  return {
    seed: hash(substream(underlying.seed, "futures"), month),
    path: { at: (day) => underlying.spot.at(day) * (1 + CARRY_PER_DAY * Math.max(0, expiry - day)) },
    listed,
    last: expiry,
    hours: underlying.hours,
    tick: underlying.tick,
    lot: lotAtListing(underlying, listed),
    lotsPerDay: underlying.lotsPerDay,
    activity: 256,
    swing: 0.013,
    hasOpenInterest: true,
    actions: underlying.actions,
    placeholderDays: 0,
  };
};

/** The front contracts from `from` to `to`, none beyond the contract of `upTo`. */
const frontContracts =
  (underlying: Underlying, upTo: Month) => (from: Day, to: Day): ReadonlyArray<ContinuousPart> => {
    const parts: Array<ContinuousPart> = [];
    for (let month = monthOf(Math.max(from, underlying.since)); month <= upTo; month++) {
      const series = futureSeries(underlying, month);
      const start = Math.max(from, monthlyExpiry(underlying.expiry, month - 1) + 1, series.listed);
      const end = Math.min(to, series.last);
      if (start > to) break;
      if (start <= end) parts.push({ series, from: start, to: end });
    }
    return parts;
  };

/** The futures on `underlying` that are listed on a day. */
export const futuresOn = (underlying: Underlying, day: Day): ReadonlyArray<Instrument> => {
  const first = monthOf(day);
  return Array.from({ length: underlying.futureMonths + 1 }, (_, i) => first + i).flatMap((month) => {
    const series = futureSeries(underlying, month);
    if (series.listed > day || series.last < day) return [];
    const exchangeToken = futureToken(underlying, month);
    const symbol = underlying.symbolOn(day);
    return [{
      instrumentToken: instrumentToken(exchangeToken, underlying.exchange),
      exchangeToken,
      tradingsymbol: `${symbol}${monthTag(series.last)}FUT`,
      name: symbol,
      expiry: series.last,
      strike: 0,
      tickSize: underlying.tick / UNITS_PER_RUPEE,
      lotSize: lotOn(underlying, series.lot, series.listed, day),
      instrumentType: "FUT",
      segment: `${underlying.exchange}-FUT`,
      exchange: underlying.exchange,
      series,
      ...(underlying.continuous ? { continuous: frontContracts(underlying, month) } : {}),
    }];
  });
};
