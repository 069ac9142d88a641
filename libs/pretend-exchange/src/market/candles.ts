import { isTradingDay, type Session, sessionOn, tradingDayUpTo } from "../calendar/sessions.ts";
import { type Interval, MINUTES } from "../interval.ts";
import { type Day, DAY_SECONDS, dayOf, dayOfLocal, type LocalSeconds } from "../time.ts";
import type { CandleWriter, WireCandle } from "./candle-writer.ts";
import { sharesSince } from "./corporate-actions.ts";
import { type Minute, minutesOfDay } from "./minutes.ts";
import { type DayBar, dayBar, type Series } from "./series.ts";

export interface CandleRange {
  readonly interval: Interval;
  /** Inclusive bounds on a candle's start. Daily candles go by the date alone. */
  readonly from: LocalSeconds;
  readonly to: LocalSeconds;
  /** What happens after this moment is not known yet. */
  readonly now: LocalSeconds;
}

/** Minute candles and what is made of them begin here, daily ones at the listing (vendor staff: about 2015). */
export const INTRADAY_SINCE = dayOf(2015, 2, 2);

/** Adjusted prices are rounded to paise. */
const PAISA_UNITS = 100;

const priceInUnits = (series: Series, ticks: number, shares: number): number =>
  shares === 1
    ? ticks * series.tick
    : Math.max(PAISA_UNITS, Math.round(ticks * series.tick / shares / PAISA_UNITS) * PAISA_UNITS);

const adjusted = (series: Series, candle: DayBar, shares: number): WireCandle => ({
  open: priceInUnits(series, candle.open, shares),
  high: priceInUnits(series, candle.high, shares),
  low: priceInUnits(series, candle.low, shares),
  close: priceInUnits(series, candle.close, shares),
  volume: candle.volume,
  oi: candle.oi,
});

const oiOn = (series: Series, day: Day, shares: number): number =>
  series.hasOpenInterest && day >= series.listed
    ? Math.round((dayBar(series, tradingDayUpTo(day))?.oi ?? 0) * shares)
    : 0;

/**
 * The minutes of a day as far as they are known at `now`, volume and open interest adjusted. The minute in
 * progress is cut: its close, volume and range are those of the seconds gone by.
 */
const knownMinutes = (
  series: Series,
  day: Day,
  session: Session,
  bar: DayBar,
  shares: number,
  now: LocalSeconds,
): ReadonlyArray<Minute> => {
  const volume = Math.round(bar.volume * shares);
  const minutes = minutesOfDay(series, day, session, bar, {
    volume,
    lot: shares === 1 ? series.lot : 1,
    oiBefore: oiOn(series, day - 1, shares),
    oi: Math.round(bar.oi * shares),
  });
  const elapsed = now - day * DAY_SECONDS;
  const known = minutes.filter(({ at }) => at * 60 <= elapsed);
  const last = known.at(-1);
  if (last !== undefined && elapsed < last.at * 60 + 59) cut(last, (elapsed - last.at * 60 + 1) / 60);
  return known;
};

const cut = (minute: Minute, share: number): void => {
  minute.close = Math.round(minute.open + (minute.close - minute.open) * share);
  minute.high = Math.max(minute.open, minute.close);
  minute.low = Math.min(minute.open, minute.close);
  minute.volume = Math.floor(minute.volume * share);
};

const merge = (minutes: ReadonlyArray<Minute>, from: number, to: number): DayBar | undefined => {
  const first = minutes[from];
  const last = minutes[to - 1];
  if (first === undefined || last === undefined) return undefined;
  let { high, low } = first;
  let volume = 0;
  for (let i = from; i < to; i++) {
    const minute = minutes[i];
    if (minute === undefined) break;
    if (minute.high > high) high = minute.high;
    if (minute.low < low) low = minute.low;
    volume += minute.volume;
  }
  return { open: first.open, high, low, close: last.close, volume, oi: last.oi };
};

const PLACEHOLDER: WireCandle = { open: 0, high: 0, low: 0, close: 0, volume: 0, oi: 0 };

const writeDaily = (writer: CandleWriter, series: Series, range: CandleRange): void => {
  const today = dayOfLocal(range.now);
  const end = Math.min(dayOfLocal(range.to), series.last, today);
  const start = Math.max(dayOfLocal(range.from), series.listed - series.placeholderDays);
  for (let day = start; day <= end; day++) {
    if (!isTradingDay(day)) continue;
    if (day < series.listed) {
      writer.row(day, 0, PLACEHOLDER);
      continue;
    }
    const bar = dayBar(series, day);
    if (bar === undefined) continue;
    const shares = sharesSince(series.actions, day, today);
    if (day === today) {
      const session = sessionOn(series.hours, day) ?? [];
      const minutes = knownMinutes(series, day, session, bar, shares, range.now);
      const soFar = merge(minutes, 0, minutes.length);
      if (soFar !== undefined) writer.row(day, 0, adjusted(series, soFar, shares));
    } else if (shares === 1) {
      writer.row(day, 0, adjusted(series, bar, 1));
    } else {
      const volume = Math.round(bar.volume * shares);
      const oi = Math.round(bar.oi * shares);
      writer.row(day, 0, adjusted(series, { ...bar, volume, oi }, shares));
    }
  }
};

const writeIntraday = (writer: CandleWriter, series: Series, range: CandleRange, length: number): void => {
  const today = dayOfLocal(range.now);
  const end = Math.min(dayOfLocal(range.to), series.last, today);
  const start = Math.max(dayOfLocal(range.from), series.listed, INTRADAY_SINCE);
  for (let day = start; day <= end; day++) {
    const session = sessionOn(series.hours, day);
    const bar = session === undefined ? undefined : dayBar(series, day);
    if (session === undefined || bar === undefined) continue;
    const shares = sharesSince(series.actions, day, today);
    const minutes = knownMinutes(series, day, session, bar, shares, range.now);
    const opening = session[0]?.[0] ?? 0;
    for (let from = 0; from < minutes.length;) {
      const bucket = Math.floor(((minutes[from]?.at ?? 0) - opening) / length);
      const startMinute = opening + bucket * length;
      let to = from + 1;
      while (to < minutes.length && (minutes[to]?.at ?? 0) < startMinute + length) to++;
      const stamp = day * DAY_SECONDS + startMinute * 60;
      if (stamp >= range.from && stamp <= range.to) {
        const merged = merge(minutes, from, to);
        if (merged !== undefined) writer.row(day, startMinute, adjusted(series, merged, shares));
      }
      from = to;
    }
  }
};

/** Writes the candles of `series` that start within the range, oldest first, adjusted as known at `now`. */
export const writeCandles = (writer: CandleWriter, series: Series, range: CandleRange): void =>
  range.interval === "day"
    ? writeDaily(writer, series, range)
    : writeIntraday(writer, series, range, MINUTES[range.interval]);

/** An upper estimate of the rows an answer can have, to size its buffer. */
export const expectedRows = ({ interval, from, to }: CandleRange): number => {
  const days = (to - from) / DAY_SECONDS + 1;
  return Math.ceil(interval === "day" ? days * 0.72 : days * 0.72 * 390 / MINUTES[interval]);
};
