import { civil, type Day, dayOf, parseDay, weekday } from "../time.ts";
import { CLOSED_WEEKDAYS, FIXED_HOLIDAYS } from "./holidays.ts";
import { SPECIAL_SESSIONS } from "./special-sessions.ts";

/** Periods of trading in minutes of the day, each open up to but without its end, in order. */
export type Session = ReadonlyArray<readonly [open: number, close: number]>;

/** The market hours an instrument keeps. `auction` are the equities with a closing auction (F&O-eligible). */
export type Hours = "cash" | "auction" | "derivatives" | "currency" | "commodity";

const FIRST_DAY = dayOf(1994, 1, 1);
const LAST_DAY = dayOf(2045, 12, 31);

/** Closing auction to 15:35 and F&O trades to 15:40 from this day (exchange circular). */
export const CLOSING_AUCTION_FROM = dayOf(2026, 8, 3);

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

const period = (text: string): readonly [number, number] => {
  const [open = "", close = ""] = text.split("-");
  return [minuteOf(open), minuteOf(close)];
};

const session = (text: string): Session => text.split(",").map(period);

const CASH = session("09:15-15:30");
const ORDINARY: Record<Hours, Session> = {
  cash: CASH,
  auction: CASH,
  derivatives: CASH,
  currency: session("09:00-17:00"),
  commodity: session("09:00-23:30"),
};
const WITH_CLOSING_AUCTION: Record<Hours, Session> = {
  ...ORDINARY,
  auction: session("09:15-15:35"),
  derivatives: session("09:15-15:40"),
};

const special = new Map<Day, Session | "full">(
  Object.entries(SPECIAL_SESSIONS).map((
    [date, hours],
  ) => [parseDay(date) ?? FIRST_DAY, hours === "full" ? "full" : session(hours)]),
);

const closedIn = (year: number): ReadonlyArray<Day> =>
  (CLOSED_WEEKDAYS[year] ?? FIXED_HOLIDAYS).split(" ").map((mmdd) =>
    dayOf(year, Number(mmdd.slice(0, 2)), Number(mmdd.slice(2)))
  );

/** One byte a day from FIRST_DAY to LAST_DAY: 1 where the exchanges trade. */
const open: Uint8Array = (() => {
  const days = new Uint8Array(LAST_DAY - FIRST_DAY + 1);
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
    days[day - FIRST_DAY] = weekday(day) % 6 === 0 ? 0 : 1;
  }
  for (let year = civil(FIRST_DAY).year; year <= civil(LAST_DAY).year; year++) {
    for (const day of closedIn(year)) days[day - FIRST_DAY] = 0;
  }
  for (const day of special.keys()) days[day - FIRST_DAY] = 1;
  return days;
})();

/** Whether the exchanges trade on a day; false before 1994 and after 2045. */
export const isTradingDay = (day: Day): boolean => open[day - FIRST_DAY] === 1;

/** The session of a trading day for instruments that keep the given hours; undefined on a closed day. */
export const sessionOn = (hours: Hours, day: Day): Session | undefined => {
  if (!isTradingDay(day)) return undefined;
  const unusual = special.get(day);
  if (unusual !== undefined && unusual !== "full") return unusual;
  return day < CLOSING_AUCTION_FROM ? ORDINARY[hours] : WITH_CLOSING_AUCTION[hours];
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
