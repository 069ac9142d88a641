import {
  answer,
  type Day,
  Dump,
  inventedMarket,
  type Listing,
  type LocalSeconds,
} from "@candlewick/pretend-exchange";
import { badInput } from "./api/answer.ts";
import type { Exchange } from "./api/exchange.ts";
import { renderDump } from "./dump.ts";
import { wording } from "./wording.ts";

const EXCHANGES: ReadonlySet<string> = new Set(["NSE", "BSE", "NFO", "BFO", "CDS", "BCD", "MCX"]);

/** The market that `seed` names, an unsigned 32-bit integer, behind Kite's API. */
export const inventedExchange = (seed: number): Exchange => {
  const market = inventedMarket(seed, wording.candles);
  let dumpsOf: Day | undefined;
  const dumps = new Map<string | undefined, Dump>();

  const dump = (exchange: string | undefined, now: LocalSeconds): Dump | undefined => {
    if (exchange !== undefined && !EXCHANGES.has(exchange)) return undefined;
    const { day, instruments } = market.listing(now);
    if (day !== dumpsOf) dumps.clear();
    dumpsOf = day;
    const known = dumps.get(exchange);
    if (known !== undefined) return known;
    const listed = exchange === undefined
      ? instruments
      : instruments.filter((instrument) => instrument.exchange === exchange);
    const made = new Dump(new TextEncoder().encode(renderDump(listed)));
    dumps.set(exchange, made);
    return made;
  };

  const tokensOf = new WeakMap<Listing, ReadonlyMap<string, number>>();
  const tokenOf = (symbol: string, now: LocalSeconds): number | undefined => {
    const listing = market.listing(now);
    const tokens = tokensOf.get(listing) ?? new Map(
      listing.instruments.map((listed) =>
        [`${listed.exchange}:${listed.tradingsymbol}`, listed.instrumentToken] as const
      ),
    );
    tokensOf.set(listing, tokens);
    return tokens.get(symbol);
  };

  return {
    ...market,
    dump,
    tokenOf,
    candles: (query, now) => {
      const candles = market.candles(query, now);
      if (candles === "unknown instrument") return badInput("invalid token");
      return candles === "not continuous"
        ? badInput("continuous data is available for day candles of futures only")
        : answer(200, "application/json", candles);
    },
  };
};
