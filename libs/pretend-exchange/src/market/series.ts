import type { Hours } from "../calendar/sessions.ts";
import { bell, fraction, hash, type Word } from "../random.ts";
import type { Day } from "../time.ts";
import { type CorporateAction, sharesSince } from "./corporate-actions.ts";
import type { PricePath } from "./walk.ts";

/** Prices are kept as whole multiples of a hundredth of a paisa: 0.0025, the finest tick, is 25. */
export const UNITS_PER_RUPEE = 10_000;

/** Everything that decides the candles of one listing. */
export interface Series {
  readonly seed: Word;
  /** The price as it traded, before any adjustment. */
  readonly path: PricePath;
  readonly listed: Day;
  /** The last day it can trade, an expiry or a delisting. */
  readonly last: Day;
  readonly hours: Hours;
  /** Price grid in units. */
  readonly tick: number;
  /** Volume and open interest come in multiples of this. */
  readonly lot: number;
  /** Lots of an ordinary day; 0 for an index, which has no volume. */
  readonly lotsPerDay: number;
  /** Chance of any trade on a day, out of 256. */
  readonly activity: number;
  /** How far high and low reach beyond open and close, at most, as a fraction of the price. */
  readonly swing: number;
  readonly hasOpenInterest: boolean;
  readonly actions: ReadonlyArray<CorporateAction>;
  /** Days before the listing for which zero-price placeholder candles are served. */
  readonly placeholderDays: number;
}

/** A day as it traded: prices in ticks, volume and open interest in shares or units of the underlying. */
export interface DayBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi: number;
}

const toTicks = (series: Series, rupees: number): number =>
  Math.max(1, Math.round(rupees * UNITS_PER_RUPEE / series.tick));

const LEAST_LOTS = 8;

const openInterest = (series: Series, day: Day, word: Word): number => {
  const build = Math.min(1, (day - series.listed + 1) / 20);
  const unwind = Math.min(1, (series.last - day + 1) / 8);
  return Math.floor(series.lotsPerDay * 3 * build * unwind * (0.8 + 0.4 * fraction(word))) * series.lot;
};

/** What happened on a trading day between the listing and the last day; undefined when nothing traded. */
export const dayBar = (series: Series, day: Day): DayBar | undefined => {
  const { seed, path, swing } = series;
  const word = (field: number) => hash(seed, day * 8 + field);
  if (series.activity < 256 && (word(0) & 255) >= series.activity) return undefined;
  // On an ex-date the price of the day before stands for the shares that one has become.
  const before = path.at(day - 1) / sharesSince(series.actions, day - 1, day);
  const open = toTicks(series, before * (1 + bell(word(1)) * swing * 0.4));
  const close = toTicks(series, path.at(day));
  const top = Math.max(open, close);
  const bottom = Math.min(open, close);
  const up = fraction(word(2));
  const down = fraction(word(3));
  const moved = Math.min(1, (top - bottom) / top);
  const lots = series.lotsPerDay * (0.4 + 1.2 * fraction(word(4))) * (1 + 12 * moved);
  return {
    open,
    high: top + Math.floor(top * swing * up * up),
    low: Math.max(1, bottom - Math.floor(bottom * swing * down * down)),
    close,
    volume: series.lotsPerDay === 0 ? 0 : Math.max(LEAST_LOTS, Math.floor(lots)) * series.lot,
    oi: series.hasOpenInterest ? openInterest(series, day, word(5)) : 0,
  };
};
