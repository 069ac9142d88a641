import { Plugin, PluginError } from "@candlewick/core";
import { Effect } from "effect";
import { makeSandbox } from "./sandbox.ts";

/** The pretend exchange the runner starts when no Kite credentials are given. */
export default Plugin.sandbox({
  id: "kite-sandbox",
  for: "kite",
  summary: "A pretend exchange that speaks Kite Connect's HTTP API, with an invented market",
  acquire: makeSandbox().pipe(
    Effect.map(({ url, apiKey, apiSecret, accessToken, description, selection }) => ({
      settings: { root: url, loginRoot: url, apiKey, apiSecret, accessToken },
      parameters: { historic: { symbols: selection, interval: "day" } },
      unless: { historic: ["exchanges", "instrumentTypes"] },
      description,
    })),
    Effect.mapError((error) =>
      new PluginError.PluginError({
        plugin: "kite-sandbox",
        operation: "start",
        reason: new PluginError.Unavailable({ message: error.message }),
      })
    ),
  ),
});
