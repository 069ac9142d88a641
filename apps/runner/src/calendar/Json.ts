import type { Calendar } from "@candlewick/core";
import { explain, sessionCount, unusualDays } from "./Days.ts";

/** What is known of exchanges, for programs. */
export const overviewJson = (descriptions: ReadonlyArray<Calendar.Description>) => ({
  exchanges: descriptions.map((
    { exchange, name, timeZone, from, to, like, weekend, hours, closed, open, special, notes, layers },
  ) => ({
    exchange,
    name,
    timeZone,
    from,
    to,
    ...(like === undefined ? {} : { like }),
    weekend,
    hours,
    counts: { closed: closed.size, open: open.size, special: special.size },
    notes,
    layers: layers.map(({ where, file }) => ({ where, source: file.source, asOf: file.asOf })),
  })),
});

/** The days of a year that are not ordinary. */
export const yearJson = (descriptions: ReadonlyArray<Calendar.Description>, year: number) => ({
  year,
  exchanges: descriptions.map((description) => ({
    exchange: description.exchange,
    sessions: sessionCount(description, year),
    days: unusualDays(description, year),
  })),
});

const iso = (millis: number) => new Date(millis).toISOString();

/** One day; periods as instants in UTC. */
export const dateJson = (descriptions: ReadonlyArray<Calendar.Description>, date: string) => ({
  date,
  exchanges: descriptions.map((description) => {
    const { periods, ...rest } = explain(description, date);
    return { ...rest, periods: periods.map(({ from, to }) => ({ from: iso(from), to: iso(to) })) };
  }),
});
