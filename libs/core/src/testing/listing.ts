import type { InstrumentRow } from "../datasets/InstrumentMaster.ts";

/** A stored share of the NSE with nothing special about it, for tests of DAGs; its token is `1000 + id`. */
export const listing = (
  id: number,
  tradingsymbol: string,
  fields: Partial<InstrumentRow> = {},
): InstrumentRow => ({
  instrument_id: id,
  instrument_token: 1_000 + id,
  exchange: "NSE",
  tradingsymbol,
  exchange_token: null,
  instrument_type: "EQ",
  name: null,
  segment: "NSE",
  expiry: null,
  strike: null,
  tick_size: null,
  lot_size: null,
  last_updated: 0,
  created_at: 0,
  delisted_at: null,
  ...fields,
});
