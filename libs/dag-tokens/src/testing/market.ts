import type { InstrumentRow, MarketTime, Source } from "@candlewick/core";
import { listing } from "@candlewick/core/testing";
import { equitiesOf } from "../equities.ts";
import type { Rules } from "../futures.ts";

export const NEAR = "2026-11-24";
export const FAR = "2026-12-29";

/** What the segments of the pretended vendor tell. */
export const underlyings = {
  "NFO-FUTSTK": "stock",
  "NFO-OPTSTK": "stock",
  "NFO-FUTIDX": "index",
  "NFO-OPTIDX": "index",
} satisfies Source.SourceInfo["underlyings"];

const CODES: Readonly<Record<string, string>> = { [NEAR]: "26NOV", [FAR]: "26DEC" };

/** Listings with ids of their own, each like a vendor's. */
export const makeListings = () => {
  let id = 0;
  const next = (symbol: string, fields: Partial<InstrumentRow>) =>
    listing(++id, symbol, { tick_size: "0.05", lot_size: 1, ...fields });
  const contract = (type: string, ending: string) =>
  (
    name: string,
    expiry: MarketTime.Day,
    fields: Partial<InstrumentRow>,
  ) =>
    next(`${name}${CODES[expiry] ?? expiry}${ending}`, {
      name,
      exchange: "NFO",
      instrument_type: type,
      expiry,
      ...fields,
    });
  return {
    equity: (name: string, series = "EQ", fields: Partial<InstrumentRow> = {}) =>
      next(`${name}-${series}`, { name, ...fields }),
    index: (name: string, fields: Partial<InstrumentRow> = {}) =>
      next(name, { name, tick_size: "0", lot_size: null, ...fields }),
    future: (name: string, expiry: MarketTime.Day = NEAR, fields: Partial<InstrumentRow> = {}) =>
      contract("FUT", "FUT")(name, expiry, { segment: "NFO-FUTSTK", ...fields }),
    option: (
      name: string,
      strike: string,
      type: "CE" | "PE",
      expiry: MarketTime.Day = NEAR,
      fields: Partial<InstrumentRow> = {},
    ) => contract(type, `${strike}${type}`)(name, expiry, { segment: "NFO-OPTSTK", strike, ...fields }),
  };
};

export const rulesOf = (
  cash: ReadonlyArray<InstrumentRow>,
  options: Partial<Pick<Rules, "underlyings">> & { readonly gone?: ReadonlyArray<InstrumentRow> } = {},
): Rules => ({
  underlyings: "underlyings" in options ? options.underlyings : underlyings,
  equities: equitiesOf(cash, options.underlyings),
  delisted: equitiesOf(options.gone ?? [], options.underlyings),
  cashExchange: "NSE",
});
