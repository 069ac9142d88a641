/**
 * Exact decimal numbers as plain text: `"2550.15"`, `"-37.63"`, `"0.0025"`. Never an exponent, never a leading `+`.
 *
 * Prices travel as text from the wire to the store, so that no value is bent on the way: what a user reads equals what
 * the vendor sent, digit for digit where the store keeps digits. A JSON number is converted by its shortest round-trip form, which is exact up to 15
 * significant digits.
 */
export type Decimal = string;

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const SCIENTIFIC = /^([+-]?)(\d+)(?:\.(\d*))?[eE]([+-]?\d+)$/;

/** Exponents beyond this are not prices; expanding them would only make very long strings. */
const MAX_EXPONENT = 400;

export const isDecimal = (text: string): text is Decimal => PLAIN.test(text);

/** The decimal a finite number prints as; `undefined` for NaN and infinities. */
export const fromNumber = (value: number): Decimal | undefined => {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  return text.includes("e") ? expand(text) : text;
};

/** Reads plain or scientific notation, keeping the digits as they are; `undefined` when it is no number. */
export const fromText = (text: string): Decimal | undefined => {
  if (PLAIN.test(text)) return text;
  if (text.startsWith("+") && PLAIN.test(text.slice(1))) return text.slice(1);
  return expand(text);
};

/** A number or numeric text as a decimal; `undefined` for anything else. */
export const fromUnknown = (value: unknown): Decimal | undefined =>
  typeof value === "number" ? fromNumber(value) : typeof value === "string" ? fromText(value) : undefined;

const expand = (text: string): Decimal | undefined => {
  const match = SCIENTIFIC.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentText] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point <= 0
    ? `0.${"0".repeat(-point)}${digits}`
    : point >= digits.length
    ? digits + "0".repeat(point - digits.length)
    : `${digits.slice(0, point)}.${digits.slice(point)}`;
  const plain = padded.replace(/^0+(?=\d)/, "");
  return sign === "-" ? `-${plain}` : plain;
};

const split = (decimal: Decimal) => {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = (negative ? decimal.slice(1) : decimal).split(".");
  return {
    negative,
    whole: whole.replace(/^0+(?=\d)/, ""),
    fraction: fraction.replace(/0+$/, ""),
  };
};

/** The same value without needless zeros: `"010.50"` is `"10.5"`, `"-0.0"` is `"0"`. */
export const normalize = (decimal: Decimal): Decimal => {
  const { negative, whole, fraction } = split(decimal);
  const plain = fraction === "" ? whole : `${whole}.${fraction}`;
  return negative && plain !== "0" ? `-${plain}` : plain;
};

/** Exact comparison by value, whatever the notation: -1, 0 or 1. */
export const compare = (left: Decimal, right: Decimal): -1 | 0 | 1 => {
  if (left === right) return 0;
  // Text of 15 digits or fewer converts to a double and back unchanged, so unequal doubles order it exactly.
  if (left.length <= 15 && right.length <= 15) {
    const a = Number(left);
    const b = Number(right);
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const a = split(normalize(left));
  const b = split(normalize(right));
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const magnitude = a.whole.length !== b.whole.length
    ? a.whole.length - b.whole.length
    : a.whole !== b.whole
    ? (a.whole < b.whole ? -1 : 1)
    : a.fraction === b.fraction
    ? 0
    : a.fraction < b.fraction
    ? -1
    : 1;
  const sign = magnitude === 0 ? 0 : magnitude < 0 ? -1 : 1;
  return (a.negative ? (sign === 0 ? 0 : -sign) : sign) as -1 | 0 | 1;
};

export const equals = (left: Decimal, right: Decimal): boolean => compare(left, right) === 0;
