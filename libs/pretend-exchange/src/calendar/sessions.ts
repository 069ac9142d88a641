import type { Calendar } from "@candlewick/core";
import nfoFile from "@candlewick/core/calendars/NFO.json" with { type: "json" };
import nseFile from "@candlewick/core/calendars/NSE.json" with { type: "json" };
import { civil, type Day, dayOf, parseDay, weekday } from "../time.ts";

/** Periods of trading in minutes of the day, each open up to but without its end, in order. */
export type Session = ReadonlyArray<readonly [open: number, close: number]>;

/** The market hours an instrument keeps. `auction` are the equities with a closing auction (F&O-eligible). */
export type Hours = "cash" | "auction" | "derivatives" | "currency" | "commodity";

const nse: Calendar.CalendarFile = nseFile;
const nfo: Calendar.CalendarFile = nfoFile;

const FIRST_DAY = dayOf(1994, 1, 1);
const LAST_DAY = dayOf(2045, 12, 31);

/**
 * National holidays on a fixed date, as `mmdd`: what this exchange closes on in years of which the calendar
 * knows nothing.
 */
const FIXED_HOLIDAYS = "0126 0414 0501 0815 1002 1225".split(" ");

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

const period = (text: string): readonly [number, number] => {
  const [open = "", close = ""] = text.split("-");
  return [minuteOf(open), minuteOf(close)];
};

const CURRENCY: Session = [period("09:00-17:00")];
const COMMODITY: Session = [period("09:00-23:30")];

interface Era {
  readonly from: Day;
  /** Up to the end of continuous trading. */
  readonly continuous: Session;
  /** With the closing auction. */
  readonly whole: Session;
}

/** Newest first. */
const erasOf = ({ hours = [] }: Calendar.CalendarFile): ReadonlyArray<Era> =>
  hours.map(({ from, open, close, closingAuction = close }) => ({
    from: parseDay(from) ?? FIRST_DAY,
    continuous: [[minuteOf(open), minuteOf(close)]] as const,
    whole: [[minuteOf(open), minuteOf(closingAuction)]] as const,
  })).reverse();

const equities = erasOf(nse);
const derivatives = erasOf(nfo);

const eraOn = (eras: ReadonlyArray<Era>, day: Day): Era | undefined =>
  eras.find(({ from }) => from <= day) ?? eras.at(-1);

const ordinary = (hours: Hours, day: Day): Session => {
  switch (hours) {
    case "cash":
      return eraOn(equities, day)?.continuous ?? [];
    case "auction":
      return eraOn(equities, day)?.whole ?? [];
    case "derivatives":
      return eraOn(derivatives, day)?.whole ?? [];
    case "currency":
      return CURRENCY;
    case "commodity":
      return COMMODITY;
  }
};

const daysOf = (record: object | undefined): ReadonlyArray<Day> =>
  Object.keys(record ?? {}).flatMap((text) => parseDay(text) ?? []);

/** Sessions at hours of their own. */
const special = new Map<Day, Session>(
  Object.entries(nse.special ?? {}).flatMap(([text, { periods }]) => {
    const day = parseDay(text);
    return day === undefined || periods === undefined ? [] : [[day, periods.map(period)]];
  }),
);

/** Years of which closed days are known. */
const KNOWN_FROM = Number(nse.from?.slice(0, 4));
const KNOWN_TO = Number(nse.to?.slice(0, 4));

const fixedHolidaysOf = (year: number): ReadonlyArray<Day> =>
  FIXED_HOLIDAYS.map((mmdd) => dayOf(year, Number(mmdd.slice(0, 2)), Number(mmdd.slice(2))));

/** One byte a day from FIRST_DAY to LAST_DAY: 1 where the exchanges trade. */
const open: Uint8Array = (() => {
  const days = new Uint8Array(LAST_DAY - FIRST_DAY + 1);
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
    days[day - FIRST_DAY] = weekday(day) % 6 === 0 ? 0 : 1;
  }
  for (let year = civil(FIRST_DAY).year; year <= civil(LAST_DAY).year; year++) {
    if (year >= KNOWN_FROM && year <= KNOWN_TO) continue;
    for (const day of fixedHolidaysOf(year)) days[day - FIRST_DAY] = 0;
  }
  for (const day of daysOf(nse.closed)) days[day - FIRST_DAY] = 0;
  for (const day of [...daysOf(nse.open), ...daysOf(nse.special)]) days[day - FIRST_DAY] = 1;
  return days;
})();

/** Whether the exchanges trade on a day; false before 1994 and after 2045. */
export const isTradingDay = (day: Day): boolean => open[day - FIRST_DAY] === 1;

/** The session of a trading day for instruments that keep the given hours; undefined on a closed day. */
export const sessionOn = (hours: Hours, day: Day): Session | undefined => {
  if (!isTradingDay(day)) return undefined;
  return special.get(day) ?? ordinary(hours, day);
};

/** The first trading day on or after `day`, within the years the calendar knows. */
export const tradingDayFrom = (day: Day): Day => {
  let candidate = Math.max(day, FIRST_DAY);
  while (candidate < LAST_DAY && !isTradingDay(candidate)) candidate++;
  return candidate;
};

/** The last trading day on or before `day`, within the years the calendar knows. */
export const tradingDayUpTo = (day: Day): Day => {
  let candidate = Math.min(day, LAST_DAY);
  while (candidate > FIRST_DAY && !isTradingDay(candidate)) candidate--;
  return candidate;
};
