import { DateTime } from "effect";
import type { Day } from "../MarketTime.ts";

const DAY_MILLIS = 86_400_000;
const WEEK_DAYS = 7;

/**
 * Instants (epoch ms) of local times, `hh:mm` on a day. Asking for a zone's offset is slow beside all else here,
 * so it is asked for once a week: when a week is as long as seven days no clock was changed in it.
 */
export const localTime = (timeZone: string): (day: Day, time: string) => number => {
  const zone = DateTime.zoneMakeNamedUnsafe(timeZone);
  const exact = (local: string): number =>
    DateTime.toEpochMillis(DateTime.makeZonedUnsafe(local, { timeZone: zone, adjustForTimeZone: true }));

  const starts = new Map<number, number>();
  /** The first instant of a week. */
  const startOf = (week: number): number => {
    let start = starts.get(week);
    if (start === undefined) {
      start = exact(new Date(week * WEEK_DAYS * DAY_MILLIS).toISOString().slice(0, 19));
      starts.set(week, start);
    }
    return start;
  };

  return (day, time) => {
    const dayNumber = Date.parse(`${day}T00:00:00Z`) / DAY_MILLIS;
    const week = Math.floor(dayNumber / WEEK_DAYS);
    const start = startOf(week);
    if (startOf(week + 1) - start !== WEEK_DAYS * DAY_MILLIS) return exact(`${day}T${time}:00`);
    const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    return start + (dayNumber - week * WEEK_DAYS) * DAY_MILLIS + minutes * 60_000;
  };
};
