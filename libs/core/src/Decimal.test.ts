import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import * as Decimal from "./Decimal.ts";

const digits = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength });

/** Plain decimals, needless zeros included. */
const decimals = fc.tuple(fc.boolean(), digits(20), fc.option(digits(20))).map((
  [negative, whole, fraction],
) => `${negative ? "-" : ""}${whole}${fraction === null ? "" : `.${fraction}`}`);

const FRACTION = 20;

/** The value times 10^20, exactly. */
const scaled = (decimal: string): bigint => {
  const [whole = "", fraction = ""] = decimal.replace("-", "").split(".");
  const magnitude = BigInt(whole + fraction.padEnd(FRACTION, "0"));
  return decimal.startsWith("-") ? -magnitude : magnitude;
};

describe("Decimal.compare", () => {
  it("is the order of the exact values", () =>
    fc.assert(
      fc.property(decimals, decimals, (left, right) => {
        const a = scaled(left);
        const b = scaled(right);
        expect(Decimal.compare(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 2_000 },
    ));

  it("sees neighbours that differ in the last digit only", () =>
    fc.assert(
      fc.property(decimals, fc.integer({ min: -2, max: 2 }), (decimal, step) => {
        const value = scaled(decimal);
        const near = value + BigInt(step);
        const magnitude = (near < 0n ? -near : near).toString().padStart(FRACTION + 1, "0");
        const text = `${near < 0n ? "-" : ""}${magnitude.slice(0, -FRACTION)}.${magnitude.slice(-FRACTION)}`;
        expect(Decimal.compare(decimal, text)).toBe(Math.sign(0 - step));
      }),
      { numRuns: 1_000 },
    ));

  it("short decimals, where doubles are compared, are ordered exactly too", () => {
    const short = fc.tuple(fc.boolean(), digits(8), digits(5)).map(([negative, whole, fraction]) =>
      `${negative ? "-" : ""}${whole}.${fraction}`
    );
    fc.assert(
      fc.property(short, short, (left, right) => {
        expect(Math.max(left.length, right.length)).toBeLessThanOrEqual(15);
        const a = scaled(left);
        const b = scaled(right);
        expect(Decimal.compare(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(Decimal.equals(left, right)).toBe(a === b);
      }),
      { numRuns: 2_000 },
    );
  });

  it("long decimals are ordered exactly where doubles cannot tell them apart", () => {
    expect(Decimal.compare("9007199254740992", "9007199254740993")).toBe(-1);
    expect(Decimal.compare("-9007199254740992", "-9007199254740993")).toBe(1);
    expect(Decimal.compare("0.30000000000000004", "0.3")).toBe(1);
    expect(Decimal.equals("1.00000000000000001", "1")).toBe(false);
  });

  it("takes every notation of zero for the same", () => {
    for (const zero of ["0", "-0", "0.00", "-0.0000000000000000000", "000"]) {
      expect(Decimal.compare(zero, "0")).toBe(0);
      expect(Decimal.compare("0", zero)).toBe(0);
      expect(Decimal.normalize(zero)).toBe("0");
    }
  });
});

describe("Decimal.normalize", () => {
  it("keeps the value and gives equal values equal text", () =>
    fc.assert(fc.property(decimals, digits(3), (decimal, zeros) => {
      const normal = Decimal.normalize(decimal);
      expect(scaled(normal)).toBe(scaled(decimal));
      const padded = decimal.replace(/^(-?)/, `$1${zeros.replace(/\d/g, "0")}`);
      expect(Decimal.normalize(padded)).toBe(normal);
    })));
});

describe("Decimal.fromNumber", () => {
  it("for any finite number: plain text that reads back as the same number", () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const decimal = Decimal.fromNumber(value)!;
        expect(Decimal.isDecimal(decimal)).toBe(true);
        expect(Number(decimal) === value).toBe(true);
      }),
      { numRuns: 1_000 },
    ));

  it("for any whole and cents: the digits a person would write", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 9999 }), (whole, part) => {
        const text = `${whole}.${String(part).padStart(4, "0").replace(/0+$/, "")}`;
        expect(Decimal.fromNumber(Number(text))).toBe(text);
      }),
    ));

  it("writes very large and very small numbers out", () => {
    expect(Decimal.fromNumber(1e21)).toBe("1000000000000000000000");
    expect(Decimal.fromNumber(1.5e-7)).toBe("0.00000015");
    expect(Decimal.fromNumber(-2.5e22)).toBe("-25000000000000000000000");
  });

  it("has none for what is not finite", () => {
    for (const value of [NaN, Infinity, -Infinity]) expect(Decimal.fromNumber(value)).toBeUndefined();
  });
});

describe("Decimal.fromText", () => {
  it("keeps the digits of plain text as they are", () =>
    fc.assert(fc.property(decimals, (decimal) => {
      expect(Decimal.fromText(decimal)).toBe(decimal);
      if (!decimal.startsWith("-")) expect(Decimal.fromText(`+${decimal}`)).toBe(decimal);
    })));

  it("writes scientific notation out exactly", () =>
    fc.assert(fc.property(decimals, fc.integer({ min: -30, max: 30 }), (decimal, exponent) => {
      const plain = Decimal.fromText(`${decimal}e${exponent}`)!;
      expect(Decimal.isDecimal(plain)).toBe(true);
      const shift = (value: string) => {
        const [whole = "", fraction = ""] = value.replace("-", "").split(".");
        return BigInt(whole + fraction.padEnd(60, "0"));
      };
      const expected = exponent >= 0
        ? shift(decimal) * 10n ** BigInt(exponent)
        : shift(decimal) / 10n ** BigInt(-exponent);
      expect(shift(plain)).toBe(expected);
    })));

  it("has none for text that is no number", () => {
    for (
      const text of [
        "",
        " ",
        "1 ",
        "0x10",
        "1,000",
        ".5",
        "5.",
        "--1",
        "NaN",
        "Infinity",
        "1e",
        "1e9999",
        "\u0661",
      ]
    ) {
      expect(Decimal.fromText(text), text).toBeUndefined();
    }
  });
});

describe("Decimal.fromUnknown", () => {
  it("takes numbers and numeric text, and nothing else", () => {
    expect(Decimal.fromUnknown(2550.15)).toBe("2550.15");
    expect(Decimal.fromUnknown("100.10")).toBe("100.10");
    for (const value of [null, undefined, true, {}, ["1"], 10n, NaN]) {
      expect(Decimal.fromUnknown(value)).toBeUndefined();
    }
  });
});
