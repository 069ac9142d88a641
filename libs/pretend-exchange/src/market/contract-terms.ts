import { civil, type Day, dayOf } from "../time.ts";
import { sharesSince } from "./corporate-actions.ts";
import type { Underlying } from "./underlyings.ts";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;
const MONTH_LETTERS = "123456789OND";

/** `26NOV`, in the symbol of a monthly contract. */
export const monthTag = (expiry: Day): string => {
  const { year, month } = civil(expiry);
  return `${String(year % 100).padStart(2, "0")}${MONTHS[month - 1]}`;
};

/** `26N24`, in the symbol of a weekly contract: year, one character for the month, date. */
export const weekTag = (expiry: Day): string => {
  const { year, month, date } = civil(expiry);
  return `${String(year % 100).padStart(2, "0")}${MONTH_LETTERS[month - 1]}${String(date).padStart(2, "0")}`;
};

const STEPS = [0.25, 0.5, 1, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000] as const;
const LOTS = [
  5,
  10,
  15,
  20,
  25,
  30,
  40,
  50,
  65,
  75,
  100,
  125,
  150,
  175,
  200,
  250,
  300,
  400,
  500,
  625,
  750,
  1000,
  1250,
  1500,
  2000,
  2500,
  3000,
  4000,
  5000,
  6000,
  8000,
  10_000,
  15_000,
  20_000,
  40_000,
] as const;
const CONTRACT_VALUE = 1_000_000;

/** The distance of strikes: about 2% of the price for a stock, finer for what has many strikes. */
export const strikeStep = (underlying: Underlying, price: number): number => {
  const wanted = price * (underlying.hours === "currency" ? 0.002 : underlying.reach > 3 ? 0.006 : 0.02);
  return STEPS.find((step) => step >= wanted) ?? 5000;
};

const halfYearStart = (day: Day): Day => {
  const { year, month } = civil(day);
  return dayOf(year, month <= 6 ? 1 : 7, 1);
};

/** The lot of a contract when it was listed; lots are revised at the turn of a half-year. */
export const lotAtListing = (underlying: Underlying, listed: Day): number => {
  if (underlying.lot !== "by value") return underlying.lot;
  const price = underlying.spot.at(halfYearStart(listed));
  return LOTS.find((lot) => lot * price >= CONTRACT_VALUE) ?? 40_000;
};

/** A lot or a strike after the splits of its contract's life: lots grow, strikes shrink. */
export const lotOn = (underlying: Underlying, lot: number, listed: Day, day: Day): number =>
  Math.round(lot * sharesSince(underlying.actions, listed, day));

export const strikeOn = (underlying: Underlying, strike: number, listed: Day, day: Day): number => {
  const shares = sharesSince(underlying.actions, listed, day);
  return shares === 1 ? strike : Math.round(strike / shares * 20) / 20;
};
