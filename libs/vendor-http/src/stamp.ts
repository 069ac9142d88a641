/**
 * Times as vendors write them. They are read by hand: `Date` takes the process's time zone for a stamp without an
 * offset, and one call per candle adds up.
 */

const ZERO = 48;

/** The two digits at `at`, or NaN. */
const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO;
  const units = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : NaN;
};

const daysInMonth = (year: number, month: number): number =>
  month === 2
    ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28)
    : month === 4 || month === 6 || month === 9 || month === 11
    ? 30
    : 31;

/** Minutes east of UTC written at `at`, to the end of the text: `+0530`, `+05:30` or `Z`. NaN when it is none. */
const offsetMinutes = (text: string, at: number): number => {
  const sign = text[at];
  if (sign === "Z") return text.length === at + 1 ? 0 : NaN;
  if (sign !== "+" && sign !== "-") return NaN;
  const colon = text[at + 3] === ":" ? 1 : 0;
  if (text.length !== at + 5 + colon) return NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 3 + colon);
  if (!(hours <= 14 && minutes <= 59)) return NaN;
  return sign === "-" ? -(hours * 60 + minutes) : hours * 60 + minutes;
};

/**
 * Epoch milliseconds of `2017-12-15T09:15:00+0530`, also with a blank for the `T` and with `+05:30` or `Z`. NaN
 * for anything else, and for a stamp without an offset: guessing one would move a candle by hours.
 */
export const parseStamp = (stamp: unknown): number => {
  if (typeof stamp !== "string" || stamp.length < 20) return NaN;
  const separator = stamp[10];
  if (
    stamp[4] !== "-" || stamp[7] !== "-" || (separator !== "T" && separator !== " ") ||
    stamp[13] !== ":" || stamp[16] !== ":"
  ) return NaN;
  const year = two(stamp, 0) * 100 + two(stamp, 2);
  const month = two(stamp, 5);
  const day = two(stamp, 8);
  const hour = two(stamp, 11);
  const minute = two(stamp, 14);
  const second = two(stamp, 17);
  const offset = offsetMinutes(stamp, 19);
  // Years below 100 are not years to Date.UTC; every comparison is false for NaN.
  const exists = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) &&
    hour <= 23 && minute <= 59 && second <= 59;
  return exists ? Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000 : NaN;
};
