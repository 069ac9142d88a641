/**
 * Calendar days and times of day in India. India keeps +05:30 all year, so a local stamp is plain arithmetic
 * on the epoch and never depends on the time zone of the process.
 */

/** A calendar date in IST, as days since 1970-01-01. */
export type Day = number;
/** A time in IST, as seconds since 1970-01-01 00:00:00 IST. */
export type LocalSeconds = number;

export const DAY_SECONDS = 86_400;
const IST_OFFSET_MILLIS = 19_800_000;

/** The day of a proleptic Gregorian date; `month` counts from 1. */
export const dayOf = (year: number, month: number, date: number): Day =>
  Math.floor(Date.UTC(year, month - 1, date) / 86_400_000);

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly date: number;
}

/** Year, month and date of a day, by integer arithmetic on 400-year eras that begin in March. */
export const civil = (day: Day): CivilDate => {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
};

/** Day of the week, Sunday is 0. */
export const weekday = (day: Day): number => ((day + 4) % 7 + 7) % 7;

const two = (n: number) => String(n).padStart(2, "0");

/** `yyyy-mm-dd`. */
export const formatDay = (day: Day): string => {
  const { year, month, date } = civil(day);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
};

/** The day written `yyyy-mm-dd`, or undefined when the text is not a date that exists. */
export const parseDay = (text: string): Day | undefined => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return formatDay(day) === text ? day : undefined;
};

export const localSeconds = (epochMillis: number): LocalSeconds =>
  Math.floor((epochMillis + IST_OFFSET_MILLIS) / 1000);

export const epochMillis = (local: LocalSeconds): number => local * 1000 - IST_OFFSET_MILLIS;

export const dayOfLocal = (local: LocalSeconds): Day => Math.floor(local / DAY_SECONDS);

/** `yyyy-mm-dd hh:mm:ss`. */
export const formatLocal = (local: LocalSeconds): string => {
  const day = dayOfLocal(local);
  const seconds = local - day * DAY_SECONDS;
  return `${formatDay(day)} ${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${
    two(seconds % 60)
  }`;
};
