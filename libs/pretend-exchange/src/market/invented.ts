import type { CandleFormat, CandleQuery } from "../vendor.ts";
import { type Day, DAY_SECONDS, dayOfLocal, type LocalSeconds } from "../time.ts";
import { CandleWriter } from "./candle-writer.ts";
import { expectedRows, writeCandles } from "./candles.ts";
import type { Instrument } from "./instrument.ts";
import { type Listing, makeMarket } from "./market.ts";

/** The day's dump is out at this time; until then yesterday's is served (Kite: fetch after 08:30 IST). */
const DUMP_SECONDS = 8 * 3600 + 1800;

const listingDay = (now: LocalSeconds): Day => dayOfLocal(now - DUMP_SECONDS);

/** Why there are no candles to be had. */
export type NoCandles = "unknown instrument" | "not continuous";

/** An invented market as vendors look at it: what is listed at a moment, and candles in the vendor's format. */
export interface InventedMarket {
  /** One line for people. */
  readonly description: string;
  readonly listing: (now: LocalSeconds) => Listing;
  readonly candles: (query: CandleQuery, now: LocalSeconds) => Uint8Array<ArrayBuffer> | NoCandles;
  /** Tokens of the other instruments of the segment, those behind the instrument first. */
  readonly others: (instrumentToken: number, now: LocalSeconds) => ReadonlyArray<number>;
  /** `NSE:SYMBOL` of the blue chips a first run loads. */
  readonly selection: (now: LocalSeconds) => ReadonlyArray<string>;
}

const continuousCandles = (
  writer: CandleWriter,
  { continuous }: Instrument,
  query: CandleQuery,
  now: LocalSeconds,
): void => {
  for (const part of continuous?.(dayOfLocal(query.from), dayOfLocal(query.to)) ?? []) {
    const range = { interval: query.interval, from: part.from * DAY_SECONDS, to: part.to * DAY_SECONDS, now };
    writeCandles(writer, part.series, range);
  }
};

/** The market that `seed` names, an unsigned 32-bit integer. */
export const inventedMarket = (seed: number, format: CandleFormat): InventedMarket => {
  const market = makeMarket(seed);
  const listing = (now: LocalSeconds) => market.listingOn(listingDay(now));
  return {
    description: `invented market, seed ${seed}`,
    listing,
    candles: (query, now) => {
      const instrument = listing(now).byToken.get(query.instrumentToken);
      if (instrument === undefined) return "unknown instrument";
      const range = { interval: query.interval, from: query.from, to: query.to, now };
      const writer = new CandleWriter(format, query.oi, expectedRows(range));
      if (!query.continuous) writeCandles(writer, instrument.series, range);
      else if (instrument.continuous === undefined || query.interval !== "day") return "not continuous";
      else continuousCandles(writer, instrument, query, now);
      return writer.finish();
    },
    others: (token, now) => {
      const { byToken, instruments } = listing(now);
      const segment = byToken.get(token)?.segment;
      const alike = instruments.filter((listed) => listed.segment === segment).map((listed) =>
        listed.instrumentToken
      );
      const at = alike.indexOf(token);
      return [...alike.slice(at + 1), ...alike.slice(0, at)].filter((other) => other !== token);
    },
    selection: (now) => market.defaultSymbols(listingDay(now)),
  };
};
