import type { Interval } from "@candlewick/pretend-exchange";

/** The vendor's intervals: what the exchange calls them, and the most days one request may span (vendor documentation). */
export const INTERVALS: Readonly<Record<string, { readonly interval: Interval; readonly days: number }>> = {
  ONE_MINUTE: { interval: "minute", days: 30 },
  THREE_MINUTE: { interval: "3minute", days: 60 },
  FIVE_MINUTE: { interval: "5minute", days: 100 },
  TEN_MINUTE: { interval: "10minute", days: 100 },
  FIFTEEN_MINUTE: { interval: "15minute", days: 200 },
  THIRTY_MINUTE: { interval: "30minute", days: 200 },
  ONE_HOUR: { interval: "60minute", days: 400 },
  ONE_DAY: { interval: "day", days: 2000 },
};

export const intervalNamed = (name: string) => Object.hasOwn(INTERVALS, name) ? INTERVALS[name] : undefined;
