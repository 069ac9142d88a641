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

/** When clocks in the market's zone show a time of day, `hh:mm`, on a day. */
export const timeOn = (day: Day, time: string, timeZone: string): number =>
  DateTime.toEpochMillis(
    DateTime.makeZonedUnsafe(`${day}T${time}:00`, { timeZone: zoneOf(timeZone), adjustForTimeZone: true }),
  );

/** Midnight, in the market's zone, at which the day begins. */
export const dayStart = (day: Day, timeZone: string): number => timeOn(day, "00:00", timeZone);

/** The first instant after this one at which clocks in the market's zone show a time of day, `hh:mm`. */
export const nextTime = (instant: number, time: string, timeZone: string): number => {
  const today = dayOf(instant, timeZone);
  const then = timeOn(today, time, timeZone);
  return instant < then ? then : timeOn(addDays(today, 1), time, timeZone);
};

/** `2025-09-15 09:05:59`, as clocks in the market's zone show an instant; the fraction of a second is dropped. */
export const clockText = (instant: number, timeZone: string): string =>
  DateTime.formatIsoZoned(zoned(instant, timeZone)).slice(0, 19).replace("T", " ");

const DAY_MILLIS = 86_400_000;

const WEEK_MILLIS = 7 * DAY_MILLIS;

const finders = new Map<string, (instant: number) => Day>();

/**
 * `dayOf` for many instants. Asking for a zone's offset is slow, so it is asked for once a week: where both ends of
 * one have the same offset, no clock was changed in it.
 */
export const dayFinder = (timeZone: string): (instant: number) => Day => {
  const finder = finders.get(timeZone) ?? makeFinder(timeZone);
  finders.set(timeZone, finder);
  return finder;
};

const makeFinder = (timeZone: string): (instant: number) => Day => {
  const offsets = new Map<number, number>();
  const days = new Map<number, Day>();
  /** The offset at the first instant of a week. */
  const offsetOf = (week: number): number => {
    const offset = offsets.get(week) ?? DateTime.zonedOffset(zoned(week * WEEK_MILLIS, timeZone));
    offsets.set(week, offset);
    return offset;
  };
  return (instant) => {
    const week = Math.floor(instant / WEEK_MILLIS);
    const offset = offsetOf(week);
    if (offsetOf(week + 1) !== offset) return dayOf(instant, timeZone);
    const number = Math.floor((instant + offset) / DAY_MILLIS);
    const day = days.get(number) ?? new Date(number * DAY_MILLIS).toISOString().slice(0, 10);
    days.set(number, day);
    return day;
  };
};

/** The day `count` days later (or earlier, when negative). */
export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MILLIS).toISOString().slice(0, 10);
