import {
  Instrument,
  type InstrumentMaster,
  type InstrumentRow,
  type PluginError,
  type Sink,
  Where,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import type { Parameters } from "./parameters.ts";

/** The columns of a listing that fetching its candles needs. */
const columns = [
  "instrument_id",
  "instrument_token",
  "exchange",
  "tradingsymbol",
  "segment",
  "instrument_type",
  "expiry",
] as const;

export type Listing = Pick<InstrumentRow, typeof columns[number]>;

export type Choice = Pick<Parameters, "symbols" | "exchanges" | "instrumentTypes">;

export const symbolOf = (listing: Pick<Listing, "exchange" | "tradingsymbol">): string =>
  Instrument.formatSymbol(listing);

/** Whether a listing is asked for: by its symbol when symbols are given, else by exchange and type. */
export const isChosen = (choice: Choice): (listing: Listing) => boolean => {
  if (choice.symbols.length > 0) {
    const symbols = new Set(choice.symbols.map(canonical));
    return (listing) => symbols.has(symbolOf(listing));
  }
  const exchanges = new Set(choice.exchanges);
  const types = new Set(choice.instrumentTypes);
  return (listing) =>
    (exchanges.size === 0 || exchanges.has(listing.exchange)) &&
    (types.size === 0 || types.has(listing.instrument_type));
};

/** Symbols asked for that no listing bears, in the order given. */
export const missingSymbols = (
  choice: Choice,
  listings: ReadonlyArray<Pick<Listing, "exchange" | "tradingsymbol">>,
): ReadonlyArray<string> => {
  const found = new Set(listings.map(symbolOf));
  return [...new Set(choice.symbols.map(canonical))].filter((symbol) => !found.has(symbol));
};

/** `NSE: INFY` as `NSE:INFY`. */
const canonical = (symbol: string): string => Instrument.formatSymbol(Instrument.parseSymbol(symbol)!);

/** The listings asked for that are in the latest dump, by one query. */
export const selectListings = (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  choice: Choice,
): Effect.Effect<ReadonlyArray<Listing>, PluginError.PluginError> => {
  const where = Where.on(master);
  const conditions = [where.isNull("delisted_at")];
  if (choice.symbols.length > 0) {
    const symbols = choice.symbols.map((symbol) => Instrument.parseSymbol(symbol)!.tradingsymbol);
    conditions.push(where.in("tradingsymbol", [...new Set(symbols)]));
  } else {
    if (choice.exchanges.length > 0) conditions.push(where.in("exchange", choice.exchanges));
    if (choice.instrumentTypes.length > 0) {
      conditions.push(where.in("instrument_type", choice.instrumentTypes));
    }
  }
  const chosen = isChosen(choice);
  return sink.select(master, { columns, where: conditions, orderBy: ["instrument_id"] }).pipe(
    Stream.runFold((): Array<Listing> => [], (found, batch) => {
      for (const listing of batch) if (chosen(listing)) found.push(listing);
      return found;
    }),
  );
};

/** Why a symbol asked for is not among the current listings. */
export const explainMissing = Effect.fnUntraced(function* (
  sink: Sink.Sink["Service"],
  master: InstrumentMaster,
  symbols: ReadonlyArray<string>,
) {
  if (symbols.length === 0) return [];
  const where = Where.on(master);
  const names = symbols.map((symbol) => Instrument.parseSymbol(symbol)!.tradingsymbol);
  const delisted = new Set(
    (yield* Stream.runCollect(sink.select(master, {
      columns: ["exchange", "tradingsymbol"],
      where: [where.isNotNull("delisted_at"), where.in("tradingsymbol", names)],
    }))).flat().map(symbolOf),
  );
  return symbols.map((unit) => ({
    unit,
    reason: "Invalid" as const,
    message: delisted.has(unit)
      ? `${unit} is delisted: it is no longer in the source's instrument dump, so its candles cannot be asked for`
      : `${unit} is not in ${master.name}: check the spelling, or run --dag=instruments for today's listings`,
  }));
});
