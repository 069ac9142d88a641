import { ColumnValue, Decimal } from "@candlewick/core";

/**
 * Text this short has at most 15 significant digits and no exponent: every such decimal comes back from a double, by
 * its shortest form, with the value it had (IEEE 754: DBL_DIG is 15).
 */
const ALWAYS_HELD = 15;

/** The double that stands for a decimal and for no other value; `undefined` when there is none. */
export const toDouble = (text: string): number | undefined => {
  const value = Number(text);
  if (text.length <= ALWAYS_HELD) return value;
  const back = Decimal.fromNumber(value);
  return back !== undefined && Decimal.equals(back, text) ? value : undefined;
};

/** The decimal that a stored double stands for: its shortest form. A user may have stored what no decimal is. */
export const fromDouble = (value: number): string => Decimal.fromNumber(value) ?? String(value);

export const isStorable = (value: unknown): boolean =>
  ColumnValue.fits.decimal(value) && toDouble(String(value)) !== undefined;

/**
 * How a double compares with a decimal that no double stands for: at least as large as the decimal is what is at least
 * as large as, or larger than, the double next to it.
 */
export const bound = (text: string): { readonly nearest: number; readonly isBelow: boolean } => {
  const nearest = Number(text);
  const back = Decimal.fromNumber(nearest);
  return {
    nearest,
    isBelow: back === undefined ? nearest < 0 : Decimal.compare(back, text) < 0,
  };
};
