/** Kite's candle intervals: length in minutes (`day` is a whole session) and the most days one request may span. */
export const INTERVALS = {
  minute: { minutes: 1, daysPerRequest: 60 },
  "3minute": { minutes: 3, daysPerRequest: 100 },
  "5minute": { minutes: 5, daysPerRequest: 100 },
  "10minute": { minutes: 10, daysPerRequest: 100 },
  "15minute": { minutes: 15, daysPerRequest: 200 },
  "30minute": { minutes: 30, daysPerRequest: 200 },
  "60minute": { minutes: 60, daysPerRequest: 400 },
  day: { minutes: 1440, daysPerRequest: 2000 },
} as const;

export type Interval = keyof typeof INTERVALS;

export const isInterval = (text: string): text is Interval => Object.hasOwn(INTERVALS, text);
