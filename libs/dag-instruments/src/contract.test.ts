import { instrumentDumps } from "@candlewick/core";
import { dagContract, inBatches, pretendInfo } from "@candlewick/core/testing";
import plugin from "./plugin.ts";
import { equity } from "./testing/equity.ts";

const dump = [
  equity("AAA", 1),
  equity("BBB", 2),
  equity("CCC", 3),
  equity("AAA", 4, "BSE"),
  equity("BBB", 5, "BSE"),
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
