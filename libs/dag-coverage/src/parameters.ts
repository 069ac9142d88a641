import { Interval, Setting } from "@candlewick/core";

export const parameters = {
  interval: Setting.literal(Interval.intervals, { description: "Length of a candle", default: "day" }),
  symbols: Setting.symbols({
    description: "Instruments to report; when given, exchanges and instrument types do not matter",
  }),
  exchanges: Setting.list({
    description: "Exchanges whose instruments are reported, also those never asked for",
    placeholder: "NSE,BSE",
  }),
  instrumentTypes: Setting.list({
    description: "Instrument types that are reported, also those never asked for",
    placeholder: "EQ,FUT",
  }),
  from: Setting.optionalDay({ description: "First day; by default the first that was asked for" }),
  to: Setting.optionalDay({ description: "Last day; by default today" }),
  settle: Setting.duration({
    description: "How long after a session's close its candles may still change, as for historic",
    default: 2 * 3_600_000,
  }),
};

export type Parameters = Setting.Values<typeof parameters>;
