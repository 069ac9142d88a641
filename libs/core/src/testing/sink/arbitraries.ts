import * as fc from "fast-check";
import type { ColumnType, ColumnValues } from "../../Dataset.ts";
import * as Decimal from "../../Decimal.ts";

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });

const plainDecimals = (wholeDigits: number, fractionDigits: number) =>
  fc.tuple(fc.boolean(), digits(wholeDigits), fc.option(digits(fractionDigits), { nil: "" })).map(
    ([negative, whole, fraction]) => {
      const plain = (whole.replace(/^0+/, "") || "0") + (fraction === "" ? "" : `.${fraction}`);
      return negative && /[1-9]/.test(plain) ? `-${plain}` : plain;
    },
  );

/**
 * Decimals that every store holds: plain ones of at most 15 significant digits, needless zeros at their end included,
 * and whatever a double prints as.
 */
export const decimals = fc.oneof(
  plainDecimals(9, 6),
  plainDecimals(15, 0),
  plainDecimals(0, 15),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => Decimal.fromNumber(value)!),
);

/** Decimals of any number of digits, most of which no double stands for. */
export const longDecimals = plainDecimals(24, 12);

/** Well-formed text of any characters but NUL. */
export const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."\\N.\t\n\r'\",{}% a"), maxLength: 8 }),
).map((text) => text.replaceAll("\0", ""));

/** 0001-01-01 and 9999-12-31 as days since 1970. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;
const DAY = 86_400_000;

export const arbitraries: { readonly [T in ColumnType]: fc.Arbitrary<ColumnValues[T]> } = {
  int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  int64: fc.maxSafeInteger(),
  decimal: decimals,
  text: texts,
  boolean: fc.boolean(),
  date: fc.integer({ min: FIRST_DAY, max: LAST_DAY }).map((day) =>
    new Date(day * DAY).toISOString().slice(0, 10)
  ),
  timestamp: fc.integer({ min: FIRST_DAY * DAY, max: (LAST_DAY + 1) * DAY - 1 }),
  json: fc.dictionary(
    // V8 in Deno 2.9 misreads escaped keys once it has read one that holds a backslash.
    fc.string({ unit: "grapheme-ascii", maxLength: 5 }).filter((key) => !key.includes("\\")),
    fc.oneof(fc.integer(), texts, fc.boolean(), fc.constant(null)),
    { maxKeys: 3, noNullPrototype: true },
  ),
};
