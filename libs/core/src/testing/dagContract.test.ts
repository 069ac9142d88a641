import { Effect } from "effect";
import { dagContract } from "./dagContract.ts";
import { plugin } from "./dag/example.ts";

/** A DAG of a few lines keeps the contract: what it asks can be done. */
dagContract({
  name: "example",
  plugin,
  parameters: { tokens: ["1", "2", "3"], parallelism: 2 },
  market: {
    candles: ({ subject }) =>
      Effect.succeed({
        candles: [0, 1, 2].map((ts) => ({
          ts,
          open: "1",
          high: "3",
          low: "1",
          close: subject.token,
          volume: 1,
          oi: null,
        })),
        rejected: [],
      }),
  },
  now: Date.UTC(2026, 0, 1),
  notes: [],
});
