import type { Decimal } from "@candlewick/core";

/** Digits of the decimals of a column: what a type needs to hold them all. */
export interface Digits {
  /** Most digits before the point. */
  readonly whole: number;
  /** Most digits after it. */
  readonly scale: number;
}

export const noDigits: Digits = { whole: 1, scale: 0 };

/** The most that DuckDB, and Parquet, hold in a number of fixed scale. */
export const MOST_DIGITS = 38;

/** With one more decimal; zeros that change no value count for nothing. */
export const withDecimal = (digits: Digits, decimal: Decimal.Decimal): Digits => {
  const begins = decimal.startsWith("-") ? 1 : 0;
  const point = decimal.indexOf(".");
  let whole = point === -1 ? decimal.length : point;
  let from = begins;
  while (from < whole - 1 && decimal[from] === "0") from++;
  whole -= from;
  let end = decimal.length;
  if (point !== -1) { while (end > point + 1 && decimal[end - 1] === "0") end--; }
  const scale = point === -1 ? 0 : end - point - 1;
  return whole <= digits.whole && scale <= digits.scale
    ? digits
    : { whole: Math.max(whole, digits.whole), scale: Math.max(scale, digits.scale) };
};

/** Whether one type of fixed scale holds them all. */
export const isHeld = ({ scale, whole }: Digits): boolean => whole + scale <= MOST_DIGITS;
