/** Candle intervals and their length in minutes; `day` is a whole session. */
export const MINUTES = {
  minute: 1,
  "3minute": 3,
  "5minute": 5,
  "10minute": 10,
  "15minute": 15,
  "30minute": 30,
  "60minute": 60,
  day: 1440,
} as const;

export type Interval = keyof typeof MINUTES;

export const isInterval = (text: string): text is Interval => Object.hasOwn(MINUTES, text);
