import { Interval, Retry, Setting } from "@candlewick/core";

export const parameters = {
  interval: Setting.literal(Interval.intervals, { description: "Length of a candle", default: "day" }),
  symbols: Setting.symbols({
    description: "Instruments to fetch; when given, exchanges and instrument types do not matter",
  }),
  exchanges: Setting.list({
    description: "Exchanges whose instruments are fetched",
    default: ["NSE"],
    placeholder: "NSE,BSE",
  }),
  instrumentTypes: Setting.list({
    description: "Instrument types that are fetched",
    default: ["EQ"],
    placeholder: "EQ,FUT",
  }),
  from: Setting.optionalDay({ description: "First day; by default as far back as the source goes" }),
  to: Setting.optionalDay({ description: "Last day; by default today" }),
  bootstrapDate: Setting.day({
    description: "How far back a first run reaches where the source does not say",
    default: "1995-01-01",
  }),
  parallelism: Setting.int({
    description: "Instruments worked on side by side, all under the source's one limit",
    default: 4,
    min: 1,
    max: 64,
  }),
  settle: Setting.duration({
    description: "How long after a session's close its candles may still change; from then on they are final",
    default: 2 * 3_600_000,
  }),
  heal: Setting.flag({
    description:
      "Also fetch again the sessions that were answered without a candle, or with one that was rejected",
    default: false,
  }),
  refetch: Setting.flag({
    description: "Fetch the chosen series afresh and put them in the place of what is stored",
    default: false,
  }),
  ...Retry.parameters("Tries for a request that fails for a passing reason"),
};

export type Parameters = Setting.Values<typeof parameters>;
