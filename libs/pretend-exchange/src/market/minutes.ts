import type { Session } from "../calendar/sessions.ts";
import { bell, fraction, hash, substream } from "../random.ts";
import type { Day } from "../time.ts";
import type { DayBar, Series } from "./series.ts";

/** One minute of trading: prices in ticks. */
export interface Minute {
  /** Start, in minutes of the day. */
  at: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  oi: number;
}

/** What the minutes of a day must add up to beyond its prices. */
export interface DayTotals {
  readonly volume: number;
  /** Volume of a minute is a multiple of this. */
  readonly lot: number;
  readonly oiBefore: number;
  readonly oi: number;
}

const minutesOf = (session: Session): number => session.reduce((sum, [open, close]) => sum + close - open, 0);

const noise = (seed: number, at: number, shift: number): number => {
  const left = at >> shift;
  const share = (at - (left << shift)) / (1 << shift);
  return bell(hash(seed, left)) * (1 - share) + bell(hash(seed, left + 1)) * share;
};

const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/**
 * The minutes in which a day's trades fell, oldest first, each wholly inside the day's range: the first opens at
 * the day's open, the last closes at its close, one reaches its high and one its low, and volumes add up to
 * the day's. Minutes without a trade are absent.
 */
export const minutesOfDay = (
  series: Series,
  day: Day,
  session: Session,
  bar: DayBar,
  totals: DayTotals,
): Array<Minute> => {
  const count = minutesOf(session);
  const seed = hash(substream(series.seed, "minutes"), day);
  const highAt = Math.floor(fraction(hash(seed, -1)) * (count - 1));
  const drawn = Math.floor(fraction(hash(seed, -2)) * (count - 1));
  const lowAt = drawn === highAt ? (drawn + 1) % (count - 1) : drawn;
  const first = highAt < lowAt ? [highAt, bar.high] as const : [lowAt, bar.low] as const;
  const second = highAt < lowAt ? [lowAt, bar.low] as const : [highAt, bar.high] as const;
  const knots = [[-1, bar.open], first, second, [count - 1, bar.close]] as const;

  const units = totals.volume / totals.lot;
  const sparse = totals.volume > 0 && units < count * 4;
  const trades = (at: number) =>
    !sparse || at === 0 || at === highAt || at === lowAt || at === count - 1 ||
    fraction(hash(seed, 4096 + at)) * count * 4 < units;
  const range = bar.high - bar.low;

  const minutes: Array<Minute> = [];
  let index = 0;
  let knot = 0;
  let previous = bar.open;
  for (const [open, close] of session) {
    for (let at = open; at < close; at++, index++) {
      while (index > (knots[knot + 1]?.[0] ?? count)) knot++;
      const [fromAt, fromPrice] = knots[knot] ?? knots[0];
      const [toAt, toPrice] = knots[knot + 1] ?? knots[3];
      const share = (index - fromAt) / (toAt - fromAt);
      const taper = Math.min(1, (toAt - index) / 8, (index - fromAt) / 8);
      const sway = range * (0.3 * noise(seed, index, 4) + 0.12 * noise(seed, index, 1));
      const price = clamp(
        Math.round(fromPrice + (toPrice - fromPrice) * share + sway * taper),
        bar.low,
        bar.high,
      );
      const start = previous;
      previous = price;
      if (!trades(index)) continue;
      const word = hash(seed, 8192 + index);
      const reach = range * 0.04;
      minutes.push({
        at,
        open: start,
        high: index === highAt
          ? bar.high
          : Math.min(bar.high, Math.max(start, price) + Math.floor(reach * (word & 255) / 256)),
        low: index === lowAt
          ? bar.low
          : Math.max(bar.low, Math.min(start, price) - Math.floor(reach * (word >>> 8 & 255) / 256)),
        close: price,
        volume: 0,
        oi: totals.oiBefore +
          Math.round((totals.oi - totals.oiBefore) / totals.lot * (index + 1) / count) * totals.lot,
      });
    }
  }
  spreadVolume(minutes, seed, units, totals.lot);
  return minutes;
};

/** Deals `units` lots out: at least one to each minute where they suffice, more at the open and the close. */
const spreadVolume = (minutes: Array<Minute>, seed: number, units: number, lot: number): void => {
  if (units === 0) return;
  const edge = minutes.length / 2;
  const least = units >= minutes.length ? 1 : 0;
  const shared = units - least * minutes.length;
  const weights = minutes.map((_, i) =>
    (0.2 + fraction(hash(seed, 16_384 + i))) * (0.4 + Math.abs(i - edge) / edge)
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let dealt = 0;
  minutes.forEach((minute, i) => {
    weight += weights[i] ?? 0;
    const due = i === minutes.length - 1 ? shared : Math.floor(shared * weight / total);
    minute.volume = (least + due - dealt) * lot;
    dealt = due;
  });
};
