import { Calendar } from "@candlewick/core";

/** How the days of an exchange read to people and programs. */

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `Sat`. */
export const weekdayOf = (day: string): string => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]!;

/** A day of trading: `09:15-15:35`, in the exchange's own time. */
export const hoursText = (description: Calendar.Description, day: string): string => {
  const unusual = description.special.get(day);
  if (unusual?.periods !== undefined) return unusual.periods.join(", ");
  const { open, close, closingAuction } = Calendar.hoursOn(description, day);
  const ordinary = `${open}-${closingAuction ?? close}`;
  return unusual === undefined ? ordinary : `not known; ${ordinary} presumed`;
};

/** What sets a day apart from an ordinary one. */
export interface Unusual {
  readonly day: string;
  readonly kind: "closed" | "open" | "special";
  readonly name: string;
  /** Of a day on which it trades. */
  readonly hours?: string;
}

/** The days of a year that are not ordinary, in order. */
export const unusualDays = (description: Calendar.Description, year: number): ReadonlyArray<Unusual> => {
  const { closed, open, special } = description;
  const all: ReadonlyArray<Unusual> = [
    ...Array.from(closed, ([day, name]) => ({ day, kind: "closed" as const, name })),
    ...Array.from(open, ([day, name]) => ({
      day,
      kind: "open" as const,
      name,
      hours: hoursText(description, day),
    })),
    ...Array.from(special, ([day, { name }]) => ({
      day,
      kind: "special" as const,
      name,
      hours: hoursText(description, day),
    })),
  ];
  return all.filter(({ day }) => Number(day.slice(0, 4)) === year)
    .sort((left, right) => left.day < right.day ? -1 : 1);
};

/** What is to be said of one day at one exchange. */
export interface DayAt {
  readonly exchange: string;
  readonly timeZone: string;
  readonly trades: boolean;
  readonly hours?: string;
  readonly why: string;
  readonly periods: ReadonlyArray<{ readonly from: number; readonly to: number }>;
}

const beyond = ({ from, to }: Calendar.Description, day: string): string | undefined =>
  day < from
    ? `presumed: closed days are known from ${from}`
    : day > to
    ? `presumed: closed days are known to ${to}`
    : undefined;

/** Whether and when an exchange trades on a day, and why. */
export const explain = (description: Calendar.Description, day: string): DayAt => {
  const { exchange, timeZone, open, special } = description;
  const calendar = Calendar.make(description);
  const session = calendar.sessionOn(day);
  const closed = calendar.closedFor(day);
  const why = closed ?? special.get(day)?.name ?? open.get(day) ?? beyond(description, day) ?? "ordinary day";
  return {
    exchange,
    timeZone,
    trades: session !== undefined,
    ...(session === undefined ? {} : { hours: hoursText(description, day) }),
    why,
    periods: session?.periods ?? [],
  };
};

/** The number of sessions of a year. */
export const sessionCount = (description: Calendar.Description, year: number): number =>
  Calendar.sessionsBetween(Calendar.make(description), `${year}-01-01`, `${year}-12-31`).length;
