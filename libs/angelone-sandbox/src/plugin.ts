import { Plugin, PluginError } from "@candlewick/core";
import { Effect } from "effect";
import { makeSandbox } from "./sandbox.ts";

/** The pretend exchange the runner starts when no Angel One credentials are given. */
export default Plugin.sandbox({
  id: "angelone-sandbox",
  for: "angelone",
  summary: "A pretend exchange that speaks Angel One's HTTP API, with an invented market",
  acquire: makeSandbox().pipe(
    Effect.map(({ url, apiKey, clientCode, pin, totpSecret, description, selection }) => ({
      settings: { root: url, masterRoot: url, apiKey, clientCode, pin, totpSecret },
      parameters: { historic: { symbols: selection, interval: "day" } },
      unless: { historic: ["exchanges", "instrumentTypes"] },
      description,
    })),
    Effect.mapError((error) =>
      new PluginError.PluginError({
        plugin: "angelone-sandbox",
        operation: "start",
        reason: new PluginError.Unavailable({ message: error.message }),
      })
    ),
  ),
});
