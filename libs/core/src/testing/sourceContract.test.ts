import { Effect, Redacted } from "effect";
import { plugin } from "./source/example/source.ts";
import { bars, FIRST, listings, startVendor, TOKEN } from "./source/example/vendor.ts";
import { noContext } from "./noContext.ts";
import { sourceContract } from "./sourceContract.ts";

/** A vendor and source of a few lines keep the contract: what it asks can be done. */
sourceContract({
  name: "example",
  plugin,
  offers: ["instruments", "candles"],
  exchange: "NSE",
  secrets: [TOKEN],
  candles: {
    subject: {
      token: "1",
      exchange: "NSE",
      tradingsymbol: "INFY",
      segment: "NSE",
      instrumentType: "EQ",
      expiry: null,
    },
    interval: "minute",
    from: FIRST * 1_000,
    to: (FIRST + 3_600) * 1_000,
    continuous: false,
  },
  start: Effect.fnUntraced(function* (scenario) {
    const vendor = yield* startVendor(scenario);
    const services = yield* plugin.make({
      root: vendor.root,
      token: scenario === "noCredentials" ? undefined : Redacted.make(TOKEN),
      timeout: scenario === "silent" ? 60_000 : 300,
    }, noContext);
    const bad = scenario === "badRows" ? 2 : 0;
    return {
      services,
      requests: vendor.requests,
      sent: { instruments: listings.length + bad, candles: bars.length + bad },
    };
  }),
});
