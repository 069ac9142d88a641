import {
  Decimal,
  type Instrument,
  type InstrumentHistoryRow,
  type InstrumentRow,
  type Source,
} from "@candlewick/core";

/** The part of a row that the vendor's dump describes. */
export type Attributes = Omit<InstrumentRow, "instrument_id" | "last_updated" | "created_at" | "delisted_at">;

/** Where a listing is looked up: its symbol within its segment. */
export const symbolKey = (attributes: Pick<Attributes, "segment" | "tradingsymbol">): string =>
  `${attributes.segment}\n${attributes.tradingsymbol}`;

export const tokenKey = (attributes: Pick<Attributes, "segment" | "instrument_token">): string =>
  `${attributes.segment}\n${attributes.instrument_token}`;

/** A listing of a dump in the columns of the master. */
export const attributesOf = (
  instrument: Instrument.Instrument,
  tokenType: Source.SourceInfo["tokenType"],
): Attributes => ({
  instrument_token: tokenType === "int64" ? Number(instrument.token) : instrument.token,
  exchange: instrument.exchange,
  tradingsymbol: instrument.tradingsymbol,
  exchange_token: instrument.exchangeToken,
  instrument_type: instrument.instrumentType,
  name: instrument.name,
  segment: instrument.segment,
  expiry: instrument.expiry,
  strike: instrument.strike,
  tick_size: instrument.tickSize,
  lot_size: instrument.lotSize,
});

const sameDecimal = (left: string | null, right: string | null): boolean =>
  left === right || (left !== null && right !== null && Decimal.equals(left, right));

/** Whether a dump says the same of a listing as the store; decimals by value, `0.10` is `0.1`. */
export const sameAttributes = (left: Attributes, right: Attributes): boolean =>
  left.instrument_token === right.instrument_token &&
  left.tradingsymbol === right.tradingsymbol &&
  left.exchange === right.exchange &&
  left.segment === right.segment &&
  left.exchange_token === right.exchange_token &&
  left.instrument_type === right.instrument_type &&
  left.name === right.name &&
  left.expiry === right.expiry &&
  left.lot_size === right.lot_size &&
  sameDecimal(left.strike, right.strike) &&
  sameDecimal(left.tick_size, right.tick_size);

/** A listing seen for the first time. */
export const newRow = (id: number, attributes: Attributes, now: number): InstrumentRow => ({
  instrument_id: id,
  ...attributes,
  last_updated: now,
  created_at: now,
  delisted_at: null,
});

/** A known listing as it is from now on. */
export const nextRow = (
  row: InstrumentRow,
  attributes: Attributes,
  now: number,
  delisted: boolean,
): InstrumentRow => ({
  instrument_id: row.instrument_id,
  ...attributes,
  last_updated: now,
  created_at: row.created_at,
  delisted_at: delisted ? now : null,
});

/** What a listing was until now. Master and history together hold each state with the time it was valid. */
export const formerState = (row: InstrumentRow, now: number): InstrumentHistoryRow => ({
  instrument_id: row.instrument_id,
  valid_from: row.last_updated,
  valid_to: now,
  instrument_token: row.instrument_token,
  exchange: row.exchange,
  tradingsymbol: row.tradingsymbol,
  exchange_token: row.exchange_token,
  instrument_type: row.instrument_type,
  name: row.name,
  segment: row.segment,
  expiry: row.expiry,
  strike: row.strike,
  tick_size: row.tick_size,
  lot_size: row.lot_size,
  delisted_at: row.delisted_at,
});
