import type { Answer, CandleQuery, Dump, LocalSeconds } from "@candlewick/pretend-exchange";

/** What stands behind the API: an invented market or a folder of recordings. */
export interface Exchange {
  /** One line for people. */
  readonly description: string;
  /** The instruments dump of the moment, of one exchange or of all; undefined for an exchange it does not have. */
  readonly dump: (exchange: string | undefined, now: LocalSeconds) => Dump | undefined;
  readonly candles: (query: CandleQuery, now: LocalSeconds) => Answer;
  /** Token of `exchange:tradingsymbol`, where there is one. */
  readonly tokenOf: (symbol: string, now: LocalSeconds) => number | undefined;
  /** Tokens of other instruments that may have candles, nearest first. */
  readonly others: (token: number, now: LocalSeconds) => Iterable<number>;
  /** `exchange:tradingsymbol` of a small selection worth loading first. */
  readonly selection: (now: LocalSeconds) => ReadonlyArray<string>;
}
