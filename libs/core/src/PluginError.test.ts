import { describe, expect, it } from "@effect/vitest";
import { Cause } from "effect";
import {
  Corrupt,
  Invalid,
  isFatal,
  isPluginError,
  isRetryable,
  PluginError,
  RateLimited,
  Store,
  Unauthorized,
  Unavailable,
} from "./PluginError.ts";

const message = "why";
const store = (fault: Store["fault"]) => new Store({ message, fault });

/** The table of `docs/contract.md`: what each reason means for the unit and for the run. */
const table = [
  { reason: new RateLimited({ message }), retryable: true, fatal: false },
  { reason: new Unavailable({ message }), retryable: true, fatal: false },
  { reason: new Corrupt({ message }), retryable: true, fatal: false },
  { reason: new Unauthorized({ message, hint: "log in" }), retryable: false, fatal: true },
  { reason: new Invalid({ message }), retryable: false, fatal: false },
  { reason: store("connection"), retryable: true, fatal: true },
  { reason: store("conflict"), retryable: true, fatal: false },
  { reason: store("constraint"), retryable: false, fatal: false },
  { reason: store("schema"), retryable: false, fatal: false },
  { reason: store("capacity"), retryable: false, fatal: true },
];

describe("PluginError", () => {
  for (const { fatal, reason, retryable } of table) {
    const name = reason._tag === "Store" ? `Store/${reason.fault}` : reason._tag;
    it(`${name}: ${retryable ? "tried again" : "not tried again"}, ${fatal ? "ends the run" : "fails its unit"}`, () => {
      expect(isRetryable(reason)).toBe(retryable);
      expect(isFatal(reason)).toBe(fatal);
    });
  }

  it("says who failed at what, and why", () => {
    const error = new PluginError({
      plugin: "kite",
      operation: "candles of NSE:INFY",
      reason: store("schema"),
    });
    expect(error.message).toBe("kite: candles of NSE:INFY: why");
    expect(Cause.pretty(Cause.fail(error))).toContain("kite: candles of NSE:INFY: why");
    expect(isPluginError(error)).toBe(true);
    expect(isPluginError(new Error("kite"))).toBe(false);
  });
});
