import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import * as Candle from "./Candle.ts";
import * as Decimal from "./Decimal.ts";

const cents = fc.integer({ min: 1, max: 1_000_000 });
const price = (value: number) => (value / 100).toFixed(2);

/** A good bar as vendors send it: prices as numbers or text, low and high around the others. */
const good: fc.Arbitrary<Candle.UncheckedCandle> = fc.record({
  ts: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
  prices: fc.tuple(cents, cents, cents, cents),
  asText: fc.boolean(),
  volume: fc.nat(),
  oi: fc.option(fc.nat(), { nil: undefined }),
}).map(({ asText, oi, prices, ts, volume }) => {
  const [a, b, c, d] = prices.toSorted((x, y) => x - y).map((value) => asText ? price(value) : value / 100);
  return { ts, open: b, high: d, low: a, close: c, volume: asText ? String(volume) : volume, oi };
});

const fields = ["open", "high", "low", "close", "volume"] as const;

/** Values that are there and are no number. */
const nonNumeric = fc.oneof(
  fc.constantFrom<unknown>(
    "abc",
    "1,000",
    "0x10",
    "NaN",
    " ",
    NaN,
    Infinity,
    -Infinity,
    true,
    {},
    [],
    "12.5.1",
  ),
  fc.string({ minLength: 1 }).filter((text) => Decimal.fromText(text) === undefined),
);

describe("Candle.check", () => {
  it("takes any good bar and keeps its values", () =>
    fc.assert(fc.property(good, (bar) => {
      const candle = Candle.check(bar);
      if (Candle.isFault(candle)) return expect.unreachable(candle);
      expect(candle.ts).toBe(bar.ts);
      for (const field of ["open", "high", "low", "close"] as const) {
        expect(candle[field]).toBe(Decimal.fromUnknown(bar[field]));
      }
      expect(candle.volume).toBe(Number(bar.volume));
      expect(candle.oi).toBe(bar.oi ?? null);
    })));

  it("001-P9: Required fields validation", () =>
    fc.assert(
      fc.property(
        good,
        fc.subarray([...fields], { minLength: 1 }),
        fc.constantFrom(null, undefined, ""),
        (bar, gone, nothing) => {
          const missing = { ...bar, ...Object.fromEntries(gone.map((field) => [field, nothing])) };
          expect(Candle.check(missing)).toBe("missing field");
        },
      ),
    ));

  it("001-P10: Numeric fields contain valid numbers", () =>
    fc.assert(
      fc.property(good, fc.constantFrom(...fields, "oi" as const), nonNumeric, (bar, field, value) => {
        expect(Candle.check({ ...bar, [field]: value })).toBe(
          field === "volume"
            ? "volume is not a whole number"
            : field === "oi"
            ? "open interest is not a whole number"
            : "price is not a number",
        );
      }),
    ));

  it("001-P11: Date field is valid", () =>
    fc.assert(
      fc.property(
        good,
        fc.oneof(
          fc.constantFrom(NaN, Infinity, -Infinity, 0.5),
          // Seconds and nanoseconds taken for milliseconds lie far outside.
          fc.integer({ min: Date.UTC(2201, 0, 1), max: Number.MAX_SAFE_INTEGER }),
          fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Date.UTC(1899, 11, 31) }),
        ),
        (bar, ts) => {
          expect(Candle.check({ ...bar, ts })).toBe("bad time");
        },
      ),
    ));

  it("volume and open interest are whole and not negative", () => {
    const bar = fc.sample(good, 1)[0]!;
    for (const value of [-1, 1.5, 2 ** 53, "1.5", "-1", "1e3"]) {
      expect(Candle.check({ ...bar, volume: value })).toBe("volume is not a whole number");
      expect(Candle.check({ ...bar, oi: value })).toBe("open interest is not a whole number");
    }
  });

  it("an open interest of zero is kept, and none is null", () => {
    const bar = fc.sample(good, 1)[0]!;
    expect(Candle.check({ ...bar, oi: 0 })).toMatchObject({ oi: 0 });
    for (const oi of [null, undefined, ""]) expect(Candle.check({ ...bar, oi })).toMatchObject({ oi: null });
  });

  it("refuses high below low, by value and not by text", () =>
    fc.assert(fc.property(good, fc.integer({ min: 1, max: 1_000 }), (bar, below) => {
      const high = Number(bar.low) - below;
      expect(Candle.check({ ...bar, high })).toBe("high below low");
    })));

  it("9.5 is below 10", () => {
    const bar = { ts: 0, open: "10", high: "9.5", low: "10", close: "10", volume: 1, oi: null };
    expect(Candle.check(bar)).toBe("high below low");
    expect(Candle.check({ ...bar, high: "10.00" })).toMatchObject({ high: "10.00" });
  });

  it("refuses the all-zero bar before a listing, and takes a price that touched zero or went below", () => {
    const zero = { ts: 0, open: 0, high: "0.00", low: 0, close: "0", volume: 0, oi: null };
    expect(Candle.check(zero)).toBe("zero-price placeholder");
    expect(Candle.check({ ...zero, high: "0.05" })).toMatchObject({ open: "0", high: "0.05" });
    expect(Candle.check({ ...zero, low: "-37.63", close: "-37.63" })).toMatchObject({ low: "-37.63" });
  });
});
