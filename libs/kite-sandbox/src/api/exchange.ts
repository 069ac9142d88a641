import { gzipSync } from "node:zlib";
import type { LocalSeconds } from "../time.ts";
import type { Answer } from "./answer.ts";
import type { HistoricalQuery } from "./historical-query.ts";

/** What stands behind the API: an invented market or a folder of recordings. */
export interface Exchange {
  /** One line for people. */
  readonly description: string;
  /** The instruments dump of the moment, of one exchange or of all; undefined for an exchange it does not have. */
  readonly dump: (exchange: string | undefined, now: LocalSeconds) => Dump | undefined;
  readonly candles: (query: HistoricalQuery, now: LocalSeconds) => Answer;
  /** Token of `exchange:tradingsymbol`, where there is one. */
  readonly tokenOf: (symbol: string, now: LocalSeconds) => number | undefined;
  /** Tokens of other instruments that may have candles, nearest first. */
  readonly others: (token: number, now: LocalSeconds) => Iterable<number>;
  /** `exchange:tradingsymbol` of a small selection worth loading first. */
  readonly selection: (now: LocalSeconds) => ReadonlyArray<string>;
}

/** A dump as bytes, compressed when it is first asked for. */
export class Dump {
  readonly plain: Uint8Array;
  #gzipped: Uint8Array | undefined;

  constructor(plain: Uint8Array) {
    this.plain = plain;
  }

  get gzipped(): Uint8Array {
    return this.#gzipped ??= gzipSync(this.plain, { level: 6 });
  }
}
