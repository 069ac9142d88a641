/** Which stored listings a user means. */
import { Effect, Stream } from "effect";
import type { InstrumentMaster, InstrumentRow } from "./datasets/InstrumentMaster.ts";
import { formatSymbol, parseSymbol } from "./Instrument.ts";
import type { PluginError } from "./PluginError.ts";
import type { UnitFailure } from "./RunSummary.ts";
import type { Sink } from "./Sink.ts";
import * as Where from "./Where.ts";

/** What a job needs to know of a listing. */
const columns = [
  "instrument_id",
  "instrument_token",
  "exchange",
  "tradingsymbol",
  "segment",
  "instrument_type",
  "expiry",
  "delisted_at",
] as const;

export type Listing = Pick<InstrumentRow, typeof columns[number]>;

/** Parameters that choose instruments. Empty lists choose all; symbols, where given, make the others idle. */
export interface Choice {
  /** `EXCHANGE:SYMBOL`. */
  readonly symbols: ReadonlyArray<string>;
  readonly exchanges: ReadonlyArray<string>;
  readonly instrumentTypes: ReadonlyArray<string>;
}

export const symbolOf = (listing: Pick<Listing, "exchange" | "tradingsymbol">): string =>
  formatSymbol(listing);

/** `NSE: INFY` as `NSE:INFY`. */
const canonical = (symbol: string): string => formatSymbol(parseSymbol(symbol)!);

type Described = Pick<Listing, "exchange" | "tradingsymbol" | "instrument_type">;

/** Whether a listing is asked for: by its symbol when symbols are given, else by exchange and type. */
export const isChosen = (choice: Choice): (listing: Described) => boolean => {
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
  choice: Pick<Choice, "symbols">,
  listings: ReadonlyArray<Pick<Listing, "exchange" | "tradingsymbol">>,
): ReadonlyArray<string> => {
  const found = new Set(listings.map(symbolOf));
  return [...new Set(choice.symbols.map(canonical))].filter((symbol) => !found.has(symbol));
};

const collect = (
  sink: Sink["Service"],
  master: InstrumentMaster,
  where: Where.Where,
  isWanted: (listing: Listing) => boolean,
): Effect.Effect<ReadonlyArray<Listing>, PluginError> =>
  sink.select(master, { columns, where, orderBy: ["instrument_id"] }).pipe(
    Stream.runFold((): Array<Listing> => [], (found, batch) => {
      for (const listing of batch) if (isWanted(listing)) found.push(listing);
      return found;
    }),
  );

/** The listings asked for, by one query: those in the latest dump, or all `ever` seen. */
export const select = (
  sink: Sink["Service"],
  master: InstrumentMaster,
  choice: Choice,
  seen: "now" | "ever" = "now",
): Effect.Effect<ReadonlyArray<Listing>, PluginError> => {
  const where = Where.on(master);
  const conditions = seen === "now" ? [where.isNull("delisted_at")] : [];
  if (choice.symbols.length > 0) {
    const symbols = choice.symbols.map((symbol) => parseSymbol(symbol)!.tradingsymbol);
    conditions.push(where.in("tradingsymbol", [...new Set(symbols)]));
  } else {
    if (choice.exchanges.length > 0) conditions.push(where.in("exchange", choice.exchanges));
    if (choice.instrumentTypes.length > 0) {
      conditions.push(where.in("instrument_type", choice.instrumentTypes));
    }
  }
  return collect(sink, master, conditions, isChosen(choice));
};

/** Beyond this many listings all are read rather than each named. */
const NAMED = 1_000;

/** The listings with these ids, by one query. */
export const byId = (
  sink: Sink["Service"],
  master: InstrumentMaster,
  ids: ReadonlySet<number>,
): Effect.Effect<ReadonlyArray<Listing>, PluginError> =>
  collect(
    sink,
    master,
    ids.size <= NAMED ? [Where.on(master).in("instrument_id", [...ids])] : [],
    ({ instrument_id }) => ids.has(instrument_id),
  );

/** Of the listings that a wrongly spelled symbol may mean, no more than these are named. */
const NAMED_SPELLINGS = 3;
/** Each symbol costs two queries; of more symbols than this the list as a whole is wrong. */
const MAX_RESPELLED = 50;

/**
 * Current listings of the same exchange that differ by a series alone: vendors write `INFY`, `INFY-EQ` or both for
 * one share of NSE.
 */
const otherSpellings = Effect.fnUntraced(function* (
  sink: Sink["Service"],
  master: InstrumentMaster,
  symbol: string,
): Effect.fn.Return<ReadonlyArray<string>, PluginError> {
  const where = Where.on(master);
  const { exchange, tradingsymbol } = parseSymbol(symbol)!;
  const current = [where.isNull("delisted_at"), where.eq("exchange", exchange)];
  const bare = tradingsymbol.replace(/-[A-Z0-9]{1,2}$/, "");
  const asked = [
    // From the hyphen to the character after it.
    [where.gte("tradingsymbol", `${bare}-`), where.lt("tradingsymbol", `${bare}.`)],
    [where.eq("tradingsymbol", bare)],
  ].map((conditions) =>
    sink.select(master, {
      columns: ["exchange", "tradingsymbol"],
      where: [...current, ...conditions],
      orderBy: ["tradingsymbol"],
      limit: NAMED_SPELLINGS,
    })
  );
  const found = (yield* Effect.forEach(asked, Stream.runCollect)).flat(2).map(symbolOf);
  return found.filter((other) => other !== symbol).slice(0, NAMED_SPELLINGS);
});

const advice = (spellings: ReadonlyArray<string>): string =>
  spellings.length === 0
    ? "check the spelling, or run --dag=instruments for today's listings"
    : `this source writes ${spellings.join(" or ")}`;

/** Why a symbol asked for is not among the current listings. */
export const explainMissing = Effect.fnUntraced(function* (
  sink: Sink["Service"],
  master: InstrumentMaster,
  symbols: ReadonlyArray<string>,
): Effect.fn.Return<ReadonlyArray<UnitFailure>, PluginError> {
  if (symbols.length === 0) return [];
  const where = Where.on(master);
  const names = symbols.map((symbol) => parseSymbol(symbol)!.tradingsymbol);
  const delisted = new Set(
    (yield* Stream.runCollect(sink.select(master, {
      columns: ["exchange", "tradingsymbol"],
      where: [where.isNotNull("delisted_at"), where.in("tradingsymbol", names)],
    }))).flat().map(symbolOf),
  );
  return yield* Effect.forEach(symbols, (unit) =>
    Effect.map(
      delisted.has(unit) || symbols.length > MAX_RESPELLED
        ? Effect.succeed([])
        : otherSpellings(sink, master, unit),
      (spellings) => ({
        unit,
        reason: "Invalid" as const,
        message: delisted.has(unit)
          ? `${unit} is delisted: it is no longer in the source's instrument dump, so its candles cannot be asked for`
          : `${unit} is not in ${master.name}: ${advice(spellings)}`,
      }),
    ));
});
