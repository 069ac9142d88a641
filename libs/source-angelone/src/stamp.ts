/** India's offset from UTC, in milliseconds; it has had no daylight saving since 1945. */
const IST = 19_800_000;

const MINUTE = 60_000;

const DAY = 1_440 * MINUTE;

/** `yyyy-MM-dd HH:mm` in India: what the API takes for `fromdate` and `todate`. */
export const formatMinute = (instant: number): string =>
  new Date(instant + IST).toISOString().slice(0, 16).replace("T", " ");

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

/** The first 05:00 in India after the instant: when logins end. */
export const nextFiveInIndia = (instant: number): number => {
  const FIVE = 300 * MINUTE;
  const today = Math.floor((instant + IST) / DAY) * DAY - IST + FIVE;
  return instant < today ? today : today + DAY;
};

/** A stamp in full that does not say its zone. */
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/;

export const lacksOffset = (stamp: unknown): boolean =>
  typeof stamp === "string" && WITHOUT_OFFSET.test(stamp);
