import { Plugin } from "@candlewick/core";
import { Effect } from "effect";

export default Plugin.dag({
  id: "candles",
  summary: "Never runs",
  parameters: {},
  needs: ["candles"],
  after: [],
  prerequisites: () => Effect.succeed([]),
  plan: () => Effect.die("not to be planned"),
  run: () => Effect.die("not to be run"),
});
