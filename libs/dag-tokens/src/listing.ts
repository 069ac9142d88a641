import { Decimal, type InstrumentRow, type MarketTime } from "@candlewick/core";

/** What the pipeline reads of a stored listing. */
export const columns = [
  "instrument_id",
  "instrument_token",
  "exchange",
  "tradingsymbol",
  "instrument_type",
  "name",
  "segment",
  "expiry",
  "strike",
  "tick_size",
  "lot_size",
] as const;

export type Listed = Pick<InstrumentRow, typeof columns[number]>;

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** `25SEP`, as the symbols of monthly contracts on Indian exchanges write an expiry. */
const monthCode = (expiry: MarketTime.Day): string =>
  `${expiry.slice(2, 4)}${MONTHS[Number(expiry.slice(5, 7)) - 1]}`;

/** What the symbol of a contract ends with after the symbol of its underlying. */
const endingOf = ({ expiry, instrument_type: type, strike }: Listed): string | undefined =>
  expiry === null
    ? undefined
    : type === "FUT"
    ? `${monthCode(expiry)}FUT`
    : strike === null
    ? undefined
    : `${monthCode(expiry)}${Decimal.normalize(strike)}${type}`;

/**
 * What a future or an option is written on: its name, or where a dump leaves names blank (all derivatives of Kite's
 * dumps of 2019) what its symbol begins with, `RELIANCE` of `RELIANCE19APRFUT`. `undefined` where neither tells.
 */
export const underlyingOf = (contract: Listed): string | undefined => {
  const name = contract.name?.trim() ?? "";
  if (name !== "") return name;
  const ending = endingOf(contract);
  const { tradingsymbol } = contract;
  return ending !== undefined && tradingsymbol.endsWith(ending) && tradingsymbol.length > ending.length
    ? tradingsymbol.slice(0, -ending.length)
    : undefined;
};

/** Exchanges list contracts and shares to test with, named after themselves: `011NSETEST` on the NSE. */
export const isTest = (underlying: string, cashExchange: string): boolean =>
  underlying.endsWith(`${cashExchange}TEST`);
