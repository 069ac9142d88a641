import type { Decimal } from "@candlewick/core";

/** Digits after the point. */
const placesOf = (decimal: Decimal.Decimal): number => decimal.split(".")[1]?.length ?? 0;

/** Digits after the point that hold all of some decimals. */
export const commonPlaces = (decimals: ReadonlyArray<Decimal.Decimal>): number =>
  decimals.reduce((most, decimal) => Math.max(most, placesOf(decimal)), 0);

/** A decimal as a whole number of units of its last place: `"360.75"` with 2 places is 36075. */
export const unitsOf = (decimal: Decimal.Decimal, places: number): bigint => {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
};

/** The decimal of some units, not below 0, without needless zeros. */
export const decimalOf = (units: bigint, places: number): Decimal.Decimal => {
  const digits = String(units).padStart(places + 1, "0");
  const fraction = places === 0 ? "" : digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return fraction === "" ? whole : `${whole}.${fraction}`;
};

/** Whether a decimal is a whole number of times another, which is above 0. */
export const isMultiple = (decimal: Decimal.Decimal, of: Decimal.Decimal): boolean => {
  const places = commonPlaces([decimal, of]);
  return unitsOf(decimal, places) % unitsOf(of, places) === 0n;
};
