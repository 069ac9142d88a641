import { civil, type Day, dayOf, weekday } from "../time.ts";
import { isTradingDay, tradingDayUpTo } from "./sessions.ts";

/** A month of a year, counted through: `year * 12 + month - 1`. */
export type Month = number;

export const monthOf = (day: Day): Month => {
  const { year, month } = civil(day);
  return year * 12 + month - 1;
};

/** The first day of a month. */
export const startOf = (month: Month): Day => dayOf(Math.floor(month / 12), month % 12 + 1, 1);

/** How an exchange places the expiry of a month's contracts. A number is a date of the month. */
export type ExpiryRule = "nse" | "bse" | "currency" | number;

const TUESDAY = 2;
const THURSDAY = 4;
const FRIDAY = 5;

/** Both exchanges moved their expiries on this day (circulars of 2025). */
const EXPIRIES_MOVED = dayOf(2025, 9, 1);
const BSE_TUESDAYS_FROM = dayOf(2025, 1, 1);

const expiryWeekday = (rule: "nse" | "bse", day: Day): number => {
  if (rule === "nse") return day < EXPIRIES_MOVED ? THURSDAY : TUESDAY;
  return day < BSE_TUESDAYS_FROM ? FRIDAY : day < EXPIRIES_MOVED ? TUESDAY : THURSDAY;
};

/** The expiry of a month's contracts: the trading day on or before its nominal day. */
export const monthlyExpiry = (rule: ExpiryRule, month: Month): Day => {
  const last = startOf(month + 1) - 1;
  if (typeof rule === "number") return tradingDayUpTo(startOf(month) + rule - 1);
  if (rule === "currency") return tradingDayUpTo(tradingDayUpTo(tradingDayUpTo(last) - 1) - 1);
  const wanted = expiryWeekday(rule, last);
  return tradingDayUpTo(last - (weekday(last) - wanted + 7) % 7);
};

/** The expiry of the week that holds the Thursday `week * 7`. */
export const weeklyExpiry = (rule: "nse" | "bse", week: number): Day => {
  const thursday = week * 7;
  return tradingDayUpTo(thursday + expiryWeekday(rule, thursday - 2) - THURSDAY);
};

/** The first day on which contracts can trade after an expiry. */
export const dayAfterExpiry = (expiry: Day): Day => {
  let day = expiry + 1;
  while (!isTradingDay(day) && day < expiry + 30) day++;
  return day;
};
