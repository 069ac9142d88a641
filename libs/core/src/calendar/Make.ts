import type { Calendar, Session } from "../Calendar.ts";
import type { Day } from "../MarketTime.ts";
import { type Hours, WEEK } from "./CalendarFile.ts";
import { localTime } from "./LocalTime.ts";
import { readPeriod } from "./Parse.ts";
import type { Description } from "./Resolve.ts";

/** The day of the week: 0 is Sunday. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The ordinary hours of a day; the first era reaches back without end. */
export const hoursOn = ({ hours }: Pick<Description, "hours">, day: Day): Hours =>
  hours.findLast(({ from }) => from <= day) ?? hours[0]!;

/** The calendar of an exchange. Sessions are worked out once for each day. */
export const make = (description: Description): Calendar => {
  const { exchange, timeZone, from, to, closed, open, special } = description;
  const instant = localTime(timeZone);
  const weekend = new Set(description.weekend.map((word) => WEEK.findIndex((day) => day === word)));
  const sessions = new Map<Day, Session | undefined>();

  const closedFor = (day: Day): string | undefined => {
    const name = closed.get(day);
    if (name !== undefined) return name;
    return weekend.has(weekdayOf(day)) && !open.has(day) && !special.has(day) ? "weekend" : undefined;
  };

  const work = (day: Day): Session | undefined => {
    if (closedFor(day) !== undefined) return undefined;
    const era = hoursOn(description, day);
    const unusual = special.get(day);
    const times = unusual?.periods?.flatMap((text) => {
      const period = readPeriod(text);
      return period === undefined ? [] : [period];
    }) ?? [[era.open, era.closingAuction ?? era.close] as const];
    const periods = times.map(([opens, closes]) => ({ from: instant(day, opens), to: instant(day, closes) }));
    return {
      day,
      opens: periods[0]!.from,
      closes: periods.at(-1)!.to,
      periods,
      ...(unusual === undefined ? {} : { special: unusual.name }),
    };
  };

  return {
    exchange,
    timeZone,
    from,
    to,
    sessionOn: (day) => {
      const known = sessions.get(day);
      if (known !== undefined || sessions.has(day)) return known;
      const session = work(day);
      sessions.set(day, session);
      return session;
    },
    closedFor,
    layers: description.layers.map(({ where, file }) => ({ where, source: file.source, asOf: file.asOf })),
  };
};
