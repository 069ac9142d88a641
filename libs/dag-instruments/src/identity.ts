import type { InstrumentRow } from "@candlewick/core";
import type { Attributes } from "./listing.ts";

/**
 * When two descriptions are one listing. Measured on real dumps: within a segment the symbol is unique at any
 * time; a token that stays while the symbol changes is a rename when the expiry stays too (all 15 on NSE in
 * 2019), and another contract when it does not (all 24,610 on NFO). Where the evidence is short the answer is
 * "another listing": that costs some requests, while joining two series would falsify both.
 */

/** Exchanges move an expiry by days or weeks (a holiday, another weekday), never by more. */
const MAX_EXPIRY_SHIFT_DAYS = 31;

const daysApart = (left: string, right: string): number =>
  Math.abs(Date.parse(`${left}T00:00:00Z`) - Date.parse(`${right}T00:00:00Z`)) / 86_400_000;

/**
 * A listing of the last dump under the same symbol is the same one, whatever its token now, unless it is
 * another contract: of another type, or with an expiry that was not merely moved.
 */
export const isSameSymbolListing = (row: Attributes, incoming: Attributes): boolean =>
  row.instrument_type === incoming.instrument_type &&
  (row.expiry === incoming.expiry ||
    (row.expiry !== null && incoming.expiry !== null &&
      row.instrument_token === incoming.instrument_token &&
      daysApart(row.expiry, incoming.expiry) <= MAX_EXPIRY_SHIFT_DAYS));

/** A listing whose symbol left the dump, and a new symbol under its token: a rename when all else agrees. */
export const isRename = (row: Attributes, incoming: Attributes): boolean =>
  row.instrument_token === incoming.instrument_token &&
  row.segment === incoming.segment &&
  row.instrument_type === incoming.instrument_type &&
  row.expiry === incoming.expiry;

/**
 * A delisted listing that comes back: the same contract, or, for what never expires, the same token or the
 * same name besides the symbol. A symbol alone may have been given to another company.
 */
export const isRelisting = (row: InstrumentRow, incoming: Attributes): boolean =>
  row.delisted_at !== null &&
  row.instrument_type === incoming.instrument_type &&
  row.expiry === incoming.expiry &&
  (row.expiry !== null ||
    row.instrument_token === incoming.instrument_token ||
    (row.name !== null && row.name === incoming.name));
