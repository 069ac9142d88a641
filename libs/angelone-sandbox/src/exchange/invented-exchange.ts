import { Dump, inventedMarket, type Listing, type LocalSeconds } from "@candlewick/pretend-exchange";
import { refusal } from "../api/answer.ts";
import { type Exchange, UNTRADED } from "./exchange.ts";
import { scripsOf } from "./listing-scrips.ts";
import { keyOf, renderMaster } from "./scrip.ts";
import { UNTRADED_SCRIPS } from "./untraded.ts";
import { candleAnswer, wording } from "./wording.ts";

/** A day's listing in the vendor's words, and by them. */
interface Catalogue {
  readonly master: Dump;
  /** `NSE:1594` to the market's own number. */
  readonly tokens: ReadonlyMap<string, number>;
  /** `NSE:INFY-EQ` to `NSE:1594`. */
  readonly keys: ReadonlyMap<string, string>;
}

const catalogueOf = (listing: Listing): Catalogue => {
  const listed = scripsOf(listing);
  const scrips = [...listed.map(({ scrip }) => scrip), ...UNTRADED_SCRIPS];
  return {
    master: new Dump(new TextEncoder().encode(renderMaster(scrips))),
    tokens: new Map([
      ...UNTRADED_SCRIPS.map((scrip) => [keyOf(scrip), UNTRADED] as const),
      ...listed.map(({ scrip, instrument }) => [keyOf(scrip), instrument.instrumentToken] as const),
    ]),
    keys: new Map(scrips.map((scrip) => [`${scrip.exch_seg}:${scrip.symbol}`, keyOf(scrip)])),
  };
};

/** The market that `seed` names, an unsigned 32-bit integer, behind Angel One's API. */
export const inventedExchange = (seed: number): Exchange => {
  const market = inventedMarket(seed, wording.candles);
  const none = new TextEncoder().encode(wording.candles.head + wording.candles.tail);
  let last: { readonly listing: Listing; readonly catalogue: Catalogue } | undefined;
  const catalogue = (now: LocalSeconds): Catalogue => {
    const listing = market.listing(now);
    if (last?.listing !== listing) last = { listing, catalogue: catalogueOf(listing) };
    return last.catalogue;
  };

  return {
    description: market.description,
    others: market.others,
    master: (now) => catalogue(now).master,
    tokenOf: (key, now) => catalogue(now).tokens.get(key),
    keyOf: (symbol, now) => catalogue(now).keys.get(symbol),
    candles: (query, now) => {
      const asked = query.instrumentToken + Math.floor(query.from / 60);
      if (query.instrumentToken === UNTRADED) return candleAnswer(none, true, asked);
      const candles = market.candles(query, now);
      return typeof candles === "string"
        ? refusal("AB1009", "Symbol Not Found")
        : candleAnswer(candles, candles.length === none.length, asked);
    },
    // Blue chips are of the series that this vendor writes as `-EQ`.
    selection: (now) => market.selection(now).map((symbol) => `${symbol}-EQ`),
  };
};
