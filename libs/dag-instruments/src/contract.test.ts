import { type Instrument, instrumentDumps } from "@candlewick/core";
import { dagContract, inBatches, pretendInfo } from "@candlewick/core/testing";
import plugin from "./plugin.ts";

const listing = (tradingsymbol: string, token: number, exchange = "NSE"): Instrument.Instrument => ({
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
const dump = [
  listing("AAA", 1),
  listing("BBB", 2),
  listing("CCC", 3),
  listing("AAA", 4, "BSE"),
  listing("BBB", 5, "BSE"),
];

dagContract({
  name: "instruments",
  plugin,
  parameters: {
    exchanges: ["NSE", "BSE"],
    batchSize: 2,
    retryAttempts: 2,
    retryDelay: 1_000,
    confirmShrunk: false,
  },
  market: {
    dump: (exchange) => ({
      batches: inBatches(dump.filter((one) => exchange === undefined || one.exchange === exchange), 2),
    }),
  },
  allOrNothing: true,
  now: Date.UTC(2026, 0, 1),
  notes: [instrumentDumps(pretendInfo).name],
});
