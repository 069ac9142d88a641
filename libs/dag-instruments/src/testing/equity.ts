import type { Instrument } from "@candlewick/core";

/** A share without anything special. */
export const equity = (tradingsymbol: string, token: number, exchange = "NSE"): Instrument.Instrument => ({
  token: String(token),
  exchangeToken: null,
  tradingsymbol,
  name: null,
  exchange,
  segment: exchange,
  instrumentType: "EQ",
  expiry: null,
  strike: "0",
  tickSize: "0.05",
  lotSize: 1,
});
