import type { CandleRow } from "@candlewick/core";

/** Open, high, low and close: what an adjustment multiplies. */
export type Prices = Pick<CandleRow, "open" | "high" | "low" | "close">;

/** The factors that explain a change, least and greatest; empty when `least` is above `greatest`. */
export interface Factors {
  readonly least: number;
  readonly greatest: number;
}

const PRICES = ["open", "high", "low", "close"] as const;

/**
 * How far a vendor's price may be from the exact one: half of the coarsest tick it rounds adjusted prices to (0.05),
 * and a little for its arithmetic; with more than two decimals half of the last.
 */
const roundingOf = (prices: ReadonlyArray<string>): number => {
  const decimals = Math.max(...prices.map((price) => price.length - (price + ".").indexOf(".") - 1));
  return decimals <= 2 ? 0.03 : 0.6 * 10 ** -decimals;
};

/** Intersection of what two changes have in common. */
export const both = (left: Factors, right: Factors): Factors => ({
  least: Math.max(left.least, right.least),
  greatest: Math.min(left.greatest, right.greatest),
});

export const any: Factors = { least: 0, greatest: Infinity };

export const isEmpty = ({ greatest, least }: Factors): boolean => least > greatest;

/** The factors by which all four old prices, each rounded, may have become the new ones. */
export const factorsOf = (old: Prices, now: Prices): Factors => {
  const rounding = roundingOf(PRICES.flatMap((name) => [old[name], now[name]]));
  let factors = any;
  for (const name of PRICES) {
    const before = Number(old[name]);
    const after = Number(now[name]);
    factors = both(factors, {
      least: Math.max(0, (after - rounding) / (before + rounding)),
      greatest: before > rounding ? (after + rounding) / (before - rounding) : Infinity,
    });
  }
  return factors;
};

/** Longest numerator and denominator of a ratio of shares that is worth naming. */
const MOST = 1_000;

/**
 * The fraction with the smallest denominator among the factors, as a decimal: 0.5, 0.1, 0.833333. Splits and
 * bonuses are ratios of small numbers; what has no such ratio is the middle, to six digits.
 */
export const simplest = ({ greatest, least }: Factors): string => {
  // Walks down the tree of all fractions (Stern and Brocot).
  let [a, b, c, d] = [0, 1, 1, 0];
  for (;;) {
    const [p, q] = [a + c, b + d];
    if (p > MOST || q > MOST) return plain((least + greatest) / 2);
    const middle = p / q;
    if (middle < least) [a, b] = [p, q];
    else if (middle > greatest) [c, d] = [p, q];
    else return plain(middle);
  }
};

const plain = (value: number): string => String(Number(value.toFixed(6)));
