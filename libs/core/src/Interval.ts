import { Schema } from "effect";

/** The candle intervals Candlewick knows. A source maps each to its vendor's name and says which it offers. */
export const intervals = [
  "minute",
  "3minute",
  "5minute",
  "10minute",
  "15minute",
  "30minute",
  "60minute",
  "day",
] as const;

export type Interval = typeof intervals[number];

export const Interval = Schema.Literals(intervals);

const MINUTE = 60_000;

const lengths: Record<Interval, number> = {
  "minute": MINUTE,
  "3minute": 3 * MINUTE,
  "5minute": 5 * MINUTE,
  "10minute": 10 * MINUTE,
  "15minute": 15 * MINUTE,
  "30minute": 30 * MINUTE,
  "60minute": 60 * MINUTE,
  "day": 24 * 60 * MINUTE,
};

/** Length of one candle in milliseconds; a day is 24 hours. */
export const millis = (interval: Interval): number => lengths[interval];
