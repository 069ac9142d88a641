import { DateTime } from "effect";

/** A calendar day, `YYYY-MM-DD`. */
export type Day = string;

/** No calendar has a year 0000, and stores refuse it. */
const DAY = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** Whether the text is a day that exists: `2024-02-30` is not. */
export const isDay = (text: string): text is Day => {
  if (!DAY.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

const zones = new Map<string, DateTime.TimeZone>();

const zoneOf = (timeZone: string): DateTime.TimeZone => {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = DateTime.zoneMakeNamedUnsafe(timeZone);
    zones.set(timeZone, zone);
  }
  return zone;
};

const zoned = (instant: number, timeZone: string) =>
  DateTime.makeZonedUnsafe(instant, { timeZone: zoneOf(timeZone) });

/** The market's calendar day at an instant (epoch ms) in an IANA zone such as `Asia/Kolkata`. */
export const dayOf = (instant: number, timeZone: string): Day =>
  DateTime.formatIsoDate(zoned(instant, timeZone));

/** Midnight, in the market's zone, of the day that holds the instant. */
export const startOfDay = (instant: number, timeZone: string): number =>
  DateTime.toEpochMillis(DateTime.startOf(zoned(instant, timeZone), "day"));

/** Midnight, in the market's zone, at which the day begins. */
export const dayStart = (day: Day, timeZone: string): number =>
  DateTime.toEpochMillis(
    DateTime.makeZonedUnsafe(`${day}T00:00:00`, { timeZone: zoneOf(timeZone), adjustForTimeZone: true }),
  );

const DAY_MILLIS = 86_400_000;

/** `dayOf` for many instants: each day is worked out once. */
export const dayFinder = (timeZone: string): (instant: number) => Day => {
  // By day of UTC, of which each holds parts of a few days of the market.
  const known = new Map<number, Array<{ readonly day: Day; readonly from: number; readonly to: number }>>();
  return (instant) => {
    const at = Math.floor(instant / DAY_MILLIS);
    const near = known.get(at) ?? [];
    const found = near.find(({ from, to }) => instant >= from && instant < to);
    if (found !== undefined) return found.day;
    const day = dayOf(instant, timeZone);
    near.push({ day, from: dayStart(day, timeZone), to: dayStart(addDays(day, 1), timeZone) });
    known.set(at, near);
    return day;
  };
};

/** The day `count` days later (or earlier, when negative). */
export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MILLIS).toISOString().slice(0, 10);
