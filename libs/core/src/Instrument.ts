import { Schema } from "effect";
import type { Decimal } from "./Decimal.ts";
import type { Rejection } from "./Rejection.ts";

/**
 * A listing as a vendor's instrument dump describes it today. Neither the token nor the symbol identifies it
 * for ever: tokens are recycled and symbols move, so a stored listing also has an `instrument_id`.
 */
export interface Instrument {
  /** What the vendor asks for in a request for candles; unique only as far as the vendor keeps it so. */
  readonly token: string;
  readonly exchangeToken: string | null;
  readonly tradingsymbol: string;
  /** Company or underlying; blank on many derivatives. */
  readonly name: string | null;
  /** `NSE`, `NFO`, `MCX` ... */
  readonly exchange: string;
  /** The part of the exchange: `NSE`, `INDICES`, `NFO-OPT` ... (symbol, segment) is unique in every dump seen. */
  readonly segment: string;
  /** `EQ`, `FUT`, `CE`, `PE` ... */
  readonly instrumentType: string;
  /** Last trading day, `YYYY-MM-DD`; null for what does not expire. */
  readonly expiry: string | null;
  readonly strike: Decimal | null;
  readonly tickSize: Decimal | null;
  readonly lotSize: number | null;
}

/** A run of rows of a dump, in the dump's order. */
export interface InstrumentBatch {
  readonly instruments: ReadonlyArray<Instrument>;
  readonly rejected: ReadonlyArray<Rejection>;
}

/** `NSE:INFY`, as users write an instrument. */
export interface SymbolRef {
  readonly exchange: string;
  readonly tradingsymbol: string;
}

/** Reads `EXCHANGE:SYMBOL`; symbols may hold any character but a comma, colons included after the first. */
export const parseSymbol = (text: string): SymbolRef | undefined => {
  const at = text.indexOf(":");
  const exchange = text.slice(0, at).trim();
  const tradingsymbol = text.slice(at + 1).trim();
  return at <= 0 || exchange === "" || tradingsymbol === "" ? undefined : { exchange, tradingsymbol };
};

export const formatSymbol = (ref: SymbolRef): string => `${ref.exchange}:${ref.tradingsymbol}`;

/** Text of the form `EXCHANGE:SYMBOL`, for parameters. */
export const SymbolText = Schema.String.check(
  Schema.makeFilter(
    (text) => parseSymbol(text) !== undefined || `"${text}" is not EXCHANGE:SYMBOL, such as NSE:INFY`,
  ),
);
