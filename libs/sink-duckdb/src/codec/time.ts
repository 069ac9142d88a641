const DAY = 86_400_000;

/** Beyond this, epoch milliseconds times 1,000 are no safe integer. */
const SAFE = Math.floor(Number.MAX_SAFE_INTEGER / 1_000);

/** Epoch milliseconds as the microseconds DuckDB counts in. */
export const microsOf = (instant: number): bigint =>
  Math.abs(instant) <= SAFE ? BigInt(instant * 1_000) : BigInt(instant) * 1_000n;

/** Epoch milliseconds; what lies below them in a value written by others is cut. */
export const instantOf = (micros: bigint): number => {
  const number = Number(micros);
  return Number.isSafeInteger(number) ? Math.floor(number / 1_000) : Number(micros / 1_000n);
};

/** A day that exists as days since 1970. */
export const dayNumber = (day: string): number => {
  const date = new Date(0);
  date.setUTCFullYear(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
  return date.getTime() / DAY;
};

/** `YYYY-MM-DD` of days since 1970. */
export const dayText = (days: number): string => {
  const iso = new Date(days * DAY).toISOString();
  return iso.slice(0, iso.indexOf("T"));
};
