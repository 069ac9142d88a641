import { Listing } from "@candlewick/core";
import { Effect } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candles, dailyFrom, LISTED, names, onTestClock, row, setting } from "./testing/setting.ts";

describe("which instruments are fetched", () => {
  const listings = fc.array(
    fc.record({
      exchange: fc.constantFrom("NSE", "BSE", "NFO"),
      type: fc.constantFrom("EQ", "FUT", "CE"),
      symbol: fc.constantFrom(...names),
    }).map(({ exchange, type, symbol }) => row(1, symbol, { exchange, instrument_type: type })),
    { maxLength: 20 },
  );

  it("001-P1: Instrument filtering by type is correct", () => {
    fc.assert(fc.property(listings, fc.subarray(["EQ", "FUT", "CE"], { minLength: 1 }), (all, types) => {
      const chosen = all.filter(Listing.isChosen({ symbols: [], exchanges: [], instrumentTypes: types }));
      expect(chosen).toEqual(all.filter((one) => types.includes(one.instrument_type)));
    }));
  });

  it("001-P2: Instrument filtering by exchange is correct", () => {
    fc.assert(
      fc.property(listings, fc.subarray(["NSE", "BSE", "NFO"], { minLength: 1 }), (all, exchanges) => {
        const chosen = all.filter(Listing.isChosen({ symbols: [], exchanges, instrumentTypes: [] }));
        expect(chosen).toEqual(all.filter((one) => exchanges.includes(one.exchange)));
      }),
    );
  });

  it("takes exactly the symbols that are named, whatever exchanges and types say", () => {
    fc.assert(fc.property(listings, fc.subarray(names, { minLength: 1 }), (all, wanted) => {
      const symbols = wanted.map((name) => `NSE: ${name}`);
      const chosen = all.filter(Listing.isChosen({ symbols, exchanges: ["BSE"], instrumentTypes: ["FUT"] }));
      expect(chosen).toEqual(
        all.filter((one) => one.exchange === "NSE" && wanted.includes(one.tradingsymbol)),
      );
    }));
  });

  it("says of each unknown or delisted symbol why it is not fetched, and fetches the rest", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting([row(1, "AAA"), row(2, "GONE", { delisted_at: 5 })]);
      const { summary } = yield* at.runWell({ candles: dailyFrom(LISTED) }, {
        symbols: ["NSE:AAA", "NSE:GONE", "NSE:TYPO"],
      });
      expect(summary.outcome).toBe("partial");
      expect(summary.failures.map((failure) => failure.unit)).toEqual(["NSE:GONE", "NSE:TYPO"]);
      expect(summary.failures[0]!.message).toContain("delisted");
      expect(summary.failures[1]!.message).toContain("--dag=instruments");
      expect(at.sink.rows(candles).length).toBeGreaterThan(1_000);
    })));
  it("names a symbol the way users write it", () => {
    expect(Listing.symbolOf(row(1, "M&M"))).toBe("NSE:M&M");
  });
});
