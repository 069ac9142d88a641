import type { Answer, CandleQuery, Dump, LocalSeconds } from "@candlewick/pretend-exchange";

/** What stands behind the API: an invented market or recordings. */
export interface Exchange {
  /** One line for people. */
  readonly description: string;
  /** The scrip master of the moment. */
  readonly master: (now: LocalSeconds) => Dump;
  readonly candles: (query: CandleQuery, now: LocalSeconds) => Answer;
  /** The number of `NSE:1594`, exchange and the vendor's token, in a {@link CandleQuery}; undefined for what is not listed. */
  readonly tokenOf: (key: string, now: LocalSeconds) => number | undefined;
  /** Exchange and token, `NSE:1594`, of `NSE:INFY-EQ`. */
  readonly keyOf: (symbol: string, now: LocalSeconds) => string | undefined;
  /** Numbers of other instruments that may have candles, nearest first. */
  readonly others: (token: number, now: LocalSeconds) => Iterable<number>;
  /** `NSE:INFY-EQ` of a small selection worth loading first. */
  readonly selection: (now: LocalSeconds) => ReadonlyArray<string>;
}

/** What is listed and never traded. */
export const UNTRADED = 0;
