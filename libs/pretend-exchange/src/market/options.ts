import { dayAfterExpiry, monthlyExpiry, monthOf, weeklyExpiry } from "../calendar/expiry.ts";
import { tradingDayFrom } from "../calendar/sessions.ts";
import { hash, substream } from "../random.ts";
import type { Day } from "../time.ts";
import { lotAtListing, lotOn, monthTag, strikeOn, strikeStep, weekTag } from "./contract-terms.ts";
import { optionToken, STRIKES_PER_EXPIRY, weeklyToken } from "./contract-tokens.ts";
import { sharesSince } from "./corporate-actions.ts";
import { listingOf } from "./futures.ts";
import { type Instrument, instrumentToken } from "./instrument.ts";
import { UNITS_PER_RUPEE } from "./series.ts";
import type { Underlying } from "./underlyings.ts";
import type { PricePath } from "./walk.ts";

/** One expiry of an underlying's options. */
interface Expiry {
  readonly listed: Day;
  readonly expiry: Day;
  readonly tag: string;
  /** Tells this expiry from all others of the underlying. */
  readonly key: number;
  readonly token: (strikeIndex: number, put: boolean) => number;
}

const monthlyExpiries = (underlying: Underlying, day: Day): ReadonlyArray<Expiry> =>
  Array.from({ length: underlying.optionMonths + 1 }, (_, i) => monthOf(day) + i).map((month) => {
    const expiry = monthlyExpiry(underlying.expiry, month);
    return {
      listed: listingOf(underlying, month, underlying.optionMonths),
      expiry,
      tag: monthTag(expiry),
      key: month,
      token: (strikeIndex, put) => optionToken(underlying, month, strikeIndex, put),
    };
  });

const weeklyExpiries = (underlying: Underlying, day: Day): ReadonlyArray<Expiry> => {
  const rule = underlying.expiry;
  if (rule !== "nse" && rule !== "bse") return [];
  const thisWeek = Math.floor(day / 7);
  return Array.from({ length: underlying.weeks + 2 }, (_, i) => thisWeek + i).flatMap((week) => {
    const expiry = weeklyExpiry(rule, week);
    if (Math.abs(expiry - monthlyExpiry(rule, monthOf(expiry))) < 4) return [];
    return [{
      listed: Math.max(
        dayAfterExpiry(weeklyExpiry(rule, week - underlying.weeks)),
        tradingDayFrom(underlying.since),
      ),
      expiry,
      tag: weekTag(expiry),
      key: -week,
      token: (strikeIndex: number, put: boolean) => weeklyToken(underlying, week, strikeIndex, put),
    }];
  });
};

/** Strikes reach no further than this from the first centre, so that their tokens stay apart. */
const WIDEST = STRIKES_PER_EXPIRY / 2 - 4;

/**
 * Strikes of an expiry by their number of steps, with the day each was listed: a grid around the price at the
 * start, widened every week as the price moves. They are counted in rupees of the listing day.
 */
const strikesUpTo = (
  underlying: Underlying,
  { listed }: Expiry,
  step: number,
  day: Day,
): ReadonlyMap<number, Day> => {
  const centreOn = (on: Day) =>
    Math.round(underlying.spot.at(on) * sharesSince(underlying.actions, listed, on) / step);
  const first = centreOn(listed);
  const strikes = new Map<number, Day>();
  for (let on = listed; on <= day; on += 7) {
    const centre = centreOn(on);
    const from = Math.max(1, first - WIDEST, centre - underlying.reach);
    const to = Math.min(first + WIDEST, centre + underlying.reach);
    for (let k = from; k <= to; k++) if (!strikes.has(k)) strikes.set(k, tradingDayFrom(on));
  }
  return strikes;
};

const IMPLIED_VOLATILITY: Partial<Record<Underlying["hours"], number>> = { currency: 0.05, commodity: 0.2 };

/** Intrinsic value and a time value that fades with the root of the time left and with distance from the strike. */
const premium = (
  underlying: Underlying,
  { listed, expiry }: Expiry,
  strike: number,
  put: boolean,
): PricePath => {
  const volatility = IMPLIED_VOLATILITY[underlying.hours] ?? 0.25;
  return {
    at: (day) => {
      const spot = underlying.spot.at(day);
      const current = strike / sharesSince(underlying.actions, listed, day);
      const spread = volatility * spot * Math.sqrt(Math.max(0.2, expiry - day) / 365);
      const away = (spot - current) / spread;
      return Math.max(0, put ? current - spot : spot - current) +
        0.4 * spread / (1 + away * away * (1 + away * away));
    },
  };
};

/** The options on `underlying` that are listed on a day. */
export const optionsOn = (underlying: Underlying, day: Day): ReadonlyArray<Instrument> => {
  if (underlying.optionMonths === 0) return [];
  const symbol = underlying.symbolOn(day);
  const seed = substream(underlying.seed, "options");
  return [...monthlyExpiries(underlying, day), ...weeklyExpiries(underlying, day)]
    .filter(({ listed, expiry }) => listed <= day && day <= expiry)
    .flatMap((expiry) => {
      const price = underlying.spot.at(expiry.listed);
      const step = strikeStep(underlying, price);
      const lot = lotAtListing(underlying, expiry.listed);
      return [...strikesUpTo(underlying, expiry, step, day)].filter(([, listed]) => listed <= day).flatMap(
        ([k, listed]) =>
          [false, true].map((put): Instrument => {
            const exchangeToken = expiry.token(k, put);
            const strike = strikeOn(underlying, k * step, expiry.listed, day);
            const distance = Math.abs(k - price / step);
            return {
              instrumentToken: instrumentToken(exchangeToken, underlying.exchange),
              exchangeToken,
              tradingsymbol: `${symbol}${expiry.tag}${strike}${put ? "PE" : "CE"}`,
              name: symbol,
              expiry: expiry.expiry,
              strike,
              tickSize: underlying.tick / UNITS_PER_RUPEE,
              lotSize: lotOn(underlying, lot, expiry.listed, day),
              instrumentType: put ? "PE" : "CE",
              segment: `${underlying.exchange}-OPT`,
              exchange: underlying.exchange,
              series: {
                seed: hash(hash(seed, expiry.key), k * 2 + (put ? 1 : 0)),
                path: premium(underlying, expiry, k * step, put),
                listed,
                last: expiry.expiry,
                hours: underlying.hours,
                tick: underlying.tick,
                lot,
                lotsPerDay: underlying.lotsPerDay / (1 + distance * distance / 4),
                activity: Math.max(40, Math.round(280 - distance * 16)),
                swing: 0.12,
                hasOpenInterest: true,
                actions: underlying.actions,
                placeholderDays: 0,
              },
            };
          }),
      );
    });
};
