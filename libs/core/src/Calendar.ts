/**
 * On which days, and between which hours, an exchange trades. What is known comes from data (`calendars/*.json`
 * here, files of the user on top of them), each with its source and its date.
 */
import { Context, type Effect } from "effect";
import { builtInCalendars } from "./calendar/BuiltIn.ts";
import { addDays, type Day, dayOf, dayStart } from "./MarketTime.ts";
import type { PluginError } from "./PluginError.ts";

export { builtIn, builtInExchanges, calendarsOf } from "./calendar/BuiltIn.ts";
export { CalendarFile, type Hours, type Placed, type Special } from "./calendar/CalendarFile.ts";
export { doubts, endings } from "./calendar/Check.ts";
export { hoursOn, make } from "./calendar/Make.ts";
export { parse } from "./calendar/Parse.ts";
export { type Description, resolve } from "./calendar/Resolve.ts";

/** A day of trading. */
export interface Session {
  readonly day: Day;
  /** Epoch ms of the first open. */
  readonly opens: number;
  /** Epoch ms of the last close, closing auction included. */
  readonly closes: number;
  /** Periods of trading, epoch ms, in order: a special Saturday has two. */
  readonly periods: ReadonlyArray<{ readonly from: number; readonly to: number }>;
  /** Why its hours are not the ordinary ones: `Muhurat`. */
  readonly special?: string;
}

/** Where a part of a calendar comes from. */
export interface Layer {
  /** The file, or `built in`. */
  readonly where: string;
  readonly source: string;
  /** The day on which the source was consulted. */
  readonly asOf: Day;
}

/** The days and hours of one exchange. */
export interface Calendar {
  readonly exchange: string;
  /** IANA zone of its days and hours. */
  readonly timeZone: string;
  /** First and last day for which closed days are known. */
  readonly from: Day;
  readonly to: Day;
  /**
   * The session of a day; `undefined` when the exchange is closed. Of days outside `from` to `to`, weekdays are
   * presumed open, with the ordinary hours of that time.
   */
  readonly sessionOn: (day: Day) => Session | undefined;
  /** Why the exchange is closed: the name of the holiday, or `weekend`; `undefined` when it trades. */
  readonly closedFor: (day: Day) => string | undefined;
  /** What it was made from; later ones count more. */
  readonly layers: ReadonlyArray<Layer>;
}

/** The sessions of the days `from` to `to`, both included, in order. */
export const sessionsBetween = (calendar: Calendar, from: Day, to: Day): ReadonlyArray<Session> => {
  const sessions: Array<Session> = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const session = calendar.sessionOn(day);
    if (session !== undefined) sessions.push(session);
  }
  return sessions;
};

/**
 * The midnight before which candles are final: those of sessions that closed at least `settle` milliseconds ago.
 * A day of which the calendar knows no session ends at midnight.
 */
export const settledAt = (
  now: number,
  settle: number,
  timeZone: string,
  calendar?: Calendar,
): number => {
  // Days before this one ended so long ago that they are final whenever they closed.
  const oldest = dayOf(now - settle, timeZone);
  for (let day = dayOf(now, timeZone); day >= oldest; day = addDays(day, -1)) {
    const session = calendar?.sessionOn(day);
    if (session !== undefined && session.closes + settle <= now) {
      return dayStart(addDays(day, 1), timeZone);
    }
  }
  return dayStart(oldest, timeZone);
};

/** Where the calendars of a run are found. */
export interface Provider {
  /** The calendar of an exchange (`NSE`); `undefined` when nothing is known of it. */
  readonly of: (exchange: string) => Effect.Effect<Calendar | undefined, PluginError>;
  /** The exchanges that have a calendar. */
  readonly exchanges: ReadonlyArray<string>;
}

/** The calendars of a run: those that come with the program, unless the runner adds the user's. */
export const Calendars = Context.Reference<Provider>("candlewick/core/Calendars", {
  defaultValue: builtInCalendars,
});
