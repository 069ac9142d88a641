import type { Month } from "../calendar/expiry.ts";
import type { Underlying } from "./underlyings.ts";

/**
 * Exchange tokens of contracts. An exchange has a fixed stock of them: a month's block of tokens is handed out
 * anew a few months later, and dealt to other underlyings than before. So a token names one contract at a
 * time and, in the course of time, many, as at the vendor.
 */
interface TokenPlan {
  readonly futures: number;
  readonly options: number;
  readonly weeklies: number;
  /** Months after which a block is used again: one more than are listed at a time. */
  readonly months: number;
  /** Underlyings a block has room for. */
  readonly underlyings: number;
}

const PLANS: Record<Underlying["exchange"], TokenPlan> = {
  NFO: { futures: 35_000, options: 40_000, weeklies: 110_000, months: 4, underlyings: 61 },
  BFO: { futures: 820_000, options: 830_000, weeklies: 845_000, months: 4, underlyings: 5 },
  CDS: { futures: 1_000, options: 2_000, weeklies: 0, months: 13, underlyings: 5 },
  BCD: { futures: 1_000_000, options: 1_001_000, weeklies: 0, months: 7, underlyings: 5 },
  MCX: { futures: 430_000, options: 440_000, weeklies: 0, months: 7, underlyings: 17 },
};

/** Strikes of one underlying and expiry have tokens of their own as long as they span fewer than this many steps. */
export const STRIKES_PER_EXPIRY = 128;
const WEEKS = 5;
const ROTATION = 7;

const modulo = (n: number, by: number): number => (n % by + by) % by;

const blockOf = (plan: TokenPlan, ordinal: number, month: Month): number =>
  modulo(month, plan.months) * plan.underlyings + modulo(ordinal + ROTATION * month, plan.underlyings);

const ofStrike = (strikeIndex: number, put: boolean): number =>
  modulo(strikeIndex, STRIKES_PER_EXPIRY) * 2 + (put ? 1 : 0);

export const futureToken = ({ exchange, ordinal }: Underlying, month: Month): number =>
  PLANS[exchange].futures + blockOf(PLANS[exchange], ordinal, month);

export const optionToken = (
  { exchange, ordinal }: Underlying,
  month: Month,
  strikeIndex: number,
  put: boolean,
): number =>
  PLANS[exchange].options + blockOf(PLANS[exchange], ordinal, month) * STRIKES_PER_EXPIRY * 2 +
  ofStrike(strikeIndex, put);

export const weeklyToken = (
  { exchange, ordinal }: Underlying,
  week: number,
  strikeIndex: number,
  put: boolean,
): number =>
  PLANS[exchange].weeklies + (ordinal * WEEKS + modulo(week, WEEKS)) * STRIKES_PER_EXPIRY * 2 +
  ofStrike(modulo(strikeIndex + 11 * week, STRIKES_PER_EXPIRY), put);
