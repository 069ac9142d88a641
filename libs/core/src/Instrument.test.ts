import { describe, expect, it } from "@effect/vitest";
import { Schema } from "effect";
import * as fc from "fast-check";
import { formatSymbol, parseSymbol, SymbolText } from "./Instrument.ts";

const exchanges = fc.constantFrom("NSE", "BSE", "NFO", "MCX");
/** What real symbols hold: letters, digits, `- & . * backtick`, blanks inside, colons. */
const symbols = fc.string({ unit: fc.constantFrom(..."ABZ019-&.*` :"), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() === text);

describe("Instrument.parseSymbol", () => {
  it("for any symbol: reads what formatSymbol writes", () =>
    fc.assert(fc.property(exchanges, symbols, (exchange, tradingsymbol) => {
      expect(parseSymbol(formatSymbol({ exchange, tradingsymbol }))).toEqual({ exchange, tradingsymbol });
    })));

  it("takes symbols as brokers write them", () => {
    expect(parseSymbol("NSE:M&M")).toEqual({ exchange: "NSE", tradingsymbol: "M&M" });
    expect(parseSymbol("NSE:BAJAJ-AUTO")).toEqual({ exchange: "NSE", tradingsymbol: "BAJAJ-AUTO" });
    expect(parseSymbol("NSE:NIFTY 50")).toEqual({ exchange: "NSE", tradingsymbol: "NIFTY 50" });
    expect(parseSymbol("X:A:B")).toEqual({ exchange: "X", tradingsymbol: "A:B" });
    expect(parseSymbol(" NSE : INFY ")).toEqual({ exchange: "NSE", tradingsymbol: "INFY" });
  });

  it("has none for anything else", () => {
    for (const text of ["", "INFY", ":INFY", "NSE:", " : ", "NSE: "]) {
      expect(parseSymbol(text), text).toBeUndefined();
    }
  });
});

describe("Instrument.SymbolText", () => {
  it("says what a symbol looks like", () => {
    expect(Schema.decodeUnknownSync(SymbolText)("NSE:INFY")).toBe("NSE:INFY");
    expect(() => Schema.decodeUnknownSync(SymbolText)("INFY")).toThrow(/"INFY" is not EXCHANGE:SYMBOL/);
  });
});
