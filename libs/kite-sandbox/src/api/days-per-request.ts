import type { Interval } from "@candlewick/pretend-exchange";

/** The most days one request may span (vendor documentation). */
export const DAYS_PER_REQUEST: Readonly<Record<Interval, number>> = {
  minute: 60,
  "3minute": 100,
  "5minute": 100,
  "10minute": 100,
  "15minute": 200,
  "30minute": 200,
  "60minute": 400,
  day: 2000,
};
