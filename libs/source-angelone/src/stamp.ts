import { MarketTime } from "@candlewick/core";

/** Where the vendor's days begin and its clocks hang. */
export const ZONE = "Asia/Kolkata";

const MINUTE = 60_000;

/** `yyyy-MM-dd HH:mm` in India: what the API takes for `fromdate` and `todate`. */
export const formatMinute = (instant: number): string => MarketTime.clockText(instant, ZONE).slice(0, 16);

/**
 * The span `[from, to)` as the API takes it: its bounds are inclusive and in whole minutes. `undefined` when no
 * minute, and so no candle, begins inside.
 */
export const minutesOf = (
  { from, to }: { readonly from: number; readonly to: number },
): { readonly first: number; readonly last: number } | undefined => {
  const first = Math.ceil(from / MINUTE) * MINUTE;
  const last = (Math.ceil(to / MINUTE) - 1) * MINUTE;
  return first > last ? undefined : { first, last };
};

/** A stamp in full that does not say its zone. */
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/;

export const lacksOffset = (stamp: unknown): boolean =>
  typeof stamp === "string" && WITHOUT_OFFSET.test(stamp);
