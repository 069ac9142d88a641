import { Decimal } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bound, fromDouble, isStorable, toDouble } from "./decimal.ts";
import { jsonText } from "./json.ts";
import { dayNumber, dayText, instantOf, microsOf } from "./time.ts";

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });

const decimals = fc.tuple(fc.boolean(), digits(22), digits(22)).map(([negative, whole, fraction]) =>
  `${negative ? "-" : ""}${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`
);

describe("decimals as doubles", () => {
  it("come back with the value they had, or are refused", () =>
    fc.assert(
      fc.property(decimals, (text) => {
        const double = toDouble(text);
        expect(isStorable(text)).toBe(double !== undefined);
        if (double !== undefined) expect(Decimal.equals(fromDouble(double), text)).toBe(true);
        else expect(Decimal.equals(Decimal.fromNumber(Number(text))!, text)).toBe(false);
      }),
      { numRuns: 2_000 },
    ));

  it("are held when they have at most 15 significant digits", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
        fc.nat(30),
        (whole, scale) => {
          const negative = whole < 0n;
          const plain = String(negative ? -whole : whole).padStart(scale + 1, "0");
          const at = plain.length - scale;
          const text = `${negative ? "-" : ""}${plain.slice(0, at)}${
            scale === 0 ? "" : `.${plain.slice(at)}`
          }`;
          expect(Decimal.equals(fromDouble(toDouble(text)!), text)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    ));

  it("are held when they are what a double prints as", () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = Decimal.fromNumber(value)!;
        expect(toDouble(text)).toBe(Number(text));
        expect(fromDouble(value)).toBe(text);
      }),
      { numRuns: 1_000 },
    ));

  it("that are refused lie on the side of their nearest double that `bound` says", () =>
    fc.assert(
      fc.property(decimals.filter((text) => toDouble(text) === undefined), (text) => {
        const { isBelow, nearest } = bound(text);
        expect(Decimal.compare(Decimal.fromNumber(nearest)!, text)).toBe(isBelow ? -1 : 1);
      }),
      { numRuns: 500 },
    ));
});

describe("times", () => {
  it("come back to the millisecond, as far as JavaScript's dates reach", () =>
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (instant) => {
        expect(microsOf(instant)).toBe(BigInt(instant) * 1_000n);
        expect(instantOf(microsOf(instant))).toBe(instant);
      }),
    ));

  it("of days are days, from the year 1 to the year 9999", () =>
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        expect(dayNumber(dayText(days))).toBe(days);
        expect(dayText(days)).toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
    ));
});

describe("JSON", () => {
  it("has one text for one value, whatever the order of its keys", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(jsonText(reversed)).toBe(jsonText(value));
      }),
    ));

  it("is refused where DuckDB cannot read it: half a character, NUL, what is no JSON", () => {
    for (const value of ["\ud83d", "a\0b", { "\ud83d": 1 }, undefined, 1n]) {
      expect(jsonText(value)).toBeUndefined();
    }
    expect(jsonText("\\u0000 \\ud83d \u{1f600}")).toBe(JSON.stringify("\\u0000 \\ud83d \u{1f600}"));
  });
});
