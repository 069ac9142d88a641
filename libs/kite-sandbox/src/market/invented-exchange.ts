import { type Answer, answer, badInput } from "../api/answer.ts";
import { Dump, type Exchange } from "../api/exchange.ts";
import type { HistoricalQuery } from "../api/historical-query.ts";
import { type Day, DAY_SECONDS, dayOfLocal, type LocalSeconds } from "../time.ts";
import { CandleWriter } from "./candle-writer.ts";
import { expectedRows, writeCandles } from "./candles.ts";
import { renderDump } from "./dump.ts";
import type { Instrument } from "./instrument.ts";
import { type Listing, makeMarket } from "./market.ts";

/** The day's dump is out at this time; until then yesterday's is served (vendor: fetch after 08:30 IST). */
const DUMP_SECONDS = 8 * 3600 + 1800;

const EXCHANGES: ReadonlySet<string> = new Set(["NSE", "BSE", "NFO", "BFO", "CDS", "BCD", "MCX"]);

const listingDay = (now: LocalSeconds): Day => dayOfLocal(now - DUMP_SECONDS);

const continuousCandles = (
  writer: CandleWriter,
  { continuous }: Instrument,
  query: HistoricalQuery,
  now: LocalSeconds,
): void => {
  for (const part of continuous?.(dayOfLocal(query.from), dayOfLocal(query.to)) ?? []) {
    const range = { interval: query.interval, from: part.from * DAY_SECONDS, to: part.to * DAY_SECONDS, now };
    writeCandles(writer, part.series, range);
  }
};

/** The market that `seed` names, an unsigned 32-bit integer, behind Kite's API. */
export const inventedExchange = (seed: number): Exchange => {
  const market = makeMarket(seed);
  let dumpsOf: Day | undefined;
  const dumps = new Map<string | undefined, Dump>();

  const dump = (exchange: string | undefined, now: LocalSeconds): Dump | undefined => {
    if (exchange !== undefined && !EXCHANGES.has(exchange)) return undefined;
    const day = listingDay(now);
    if (day !== dumpsOf) dumps.clear();
    dumpsOf = day;
    const known = dumps.get(exchange);
    if (known !== undefined) return known;
    const { instruments } = market.listingOn(day);
    const listed = exchange === undefined
      ? instruments
      : instruments.filter((instrument) => instrument.exchange === exchange);
    const made = new Dump(new TextEncoder().encode(renderDump(listed)));
    dumps.set(exchange, made);
    return made;
  };

  const candles = (query: HistoricalQuery, now: LocalSeconds): Answer => {
    const instrument = market.listingOn(listingDay(now)).byToken.get(query.instrumentToken);
    if (instrument === undefined) return badInput("invalid token");
    const range = { interval: query.interval, from: query.from, to: query.to, now };
    const writer = new CandleWriter(query.oi, expectedRows(range));
    if (!query.continuous) writeCandles(writer, instrument.series, range);
    else if (instrument.continuous === undefined || query.interval !== "day") {
      return badInput("continuous data is available for day candles of futures only");
    } else continuousCandles(writer, instrument, query, now);
    return answer(200, "application/json", writer.finish());
  };

  const tokensOf = new WeakMap<Listing, ReadonlyMap<string, number>>();
  const tokenOf = (symbol: string, now: LocalSeconds): number | undefined => {
    const listing = market.listingOn(listingDay(now));
    const tokens = tokensOf.get(listing) ?? new Map(
      listing.instruments.map((listed) =>
        [`${listed.exchange}:${listed.tradingsymbol}`, listed.instrumentToken] as const
      ),
    );
    tokensOf.set(listing, tokens);
    return tokens.get(symbol);
  };

  /** Of the same segment, beginning behind the instrument. */
  const others = (token: number, now: LocalSeconds): ReadonlyArray<number> => {
    const { byToken, instruments } = market.listingOn(listingDay(now));
    const segment = byToken.get(token)?.segment;
    const alike = instruments.filter((listed) => listed.segment === segment).map((listed) =>
      listed.instrumentToken
    );
    const at = alike.indexOf(token);
    return [...alike.slice(at + 1), ...alike.slice(0, at)].filter((other) => other !== token);
  };

  return {
    tokenOf,
    others,
    description: `invented market, seed ${seed}`,
    dump,
    candles,
    selection: (now) => market.defaultSymbols(listingDay(now)),
  };
};
