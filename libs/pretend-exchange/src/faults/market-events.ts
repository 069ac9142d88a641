import type { Answer } from "../server/answer.ts";
import type { CandleFormat } from "../vendor.ts";
import { rowsOf, withRows } from "./candle-rows.ts";
import type { ActiveEvent } from "./decision.ts";
import type { EventRule } from "./script.ts";

/** A candle as its row spells it. */
interface Row {
  readonly stamp: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Undefined in a row of six. */
  readonly oi: number | undefined;
}

const read = (text: string): Row => {
  const [stamp, open, high, low, close, volume, oi] = JSON.parse(text);
  return { stamp, open, high, low, close, volume, oi };
};

const write = ({ stamp, open, high, low, close, volume, oi }: Row): string =>
  JSON.stringify([stamp, open, high, low, close, volume, ...(oi === undefined ? [] : [oi])]);

/** Adjusted prices are rounded to paise; no price becomes none. */
const adjusted = (price: number, factor: number): number =>
  price === 0 ? 0 : Math.max(0.01, Math.round(price * factor * 100) / 100);

const scaled = (row: Row, factor: number, shares: number): Row => ({
  stamp: row.stamp,
  open: adjusted(row.open, factor),
  high: adjusted(row.high, factor),
  low: adjusted(row.low, factor),
  close: adjusted(row.close, factor),
  volume: Math.round(row.volume * shares),
  oi: row.oi === undefined ? undefined : Math.round(row.oi * shares),
});

/** What an event makes of the candle that starts at `stamp`; the same text where it says nothing of it. */
const rewritten = (text: string, stamp: string, event: EventRule): string | undefined => {
  const day = stamp.slice(0, 10);
  switch (event.fault) {
    case "split":
    case "bonus":
      return day < event.exDate ? write(scaled(read(text), 1 / event.ratio, event.ratio)) : text;
    case "adjust":
      return day < event.exDate ? write(scaled(read(text), event.factor, 1)) : text;
    case "correction": {
      if (stamp !== `${event.day}T${event.time ?? "00:00"}:00`) return text;
      const row = read(text);
      const { oi, ...values } = event.set;
      return write({ ...row, ...values, oi: row.oi === undefined ? undefined : oi ?? row.oi });
    }
    case "missing-day":
      return day === event.day ? undefined : text;
  }
};

/** An answer after market events, and which of them changed it. Untouched rows keep their text. */
export const restated = (
  due: Answer,
  events: ReadonlyArray<ActiveEvent>,
  format: CandleFormat,
): { readonly answer: Answer; readonly changedBy: ReadonlyArray<number> } => {
  const rows = events.length === 0 ? undefined : rowsOf(due, format);
  if (rows === undefined) return { answer: due, changedBy: [] };
  const changedBy = new Set<number>();
  const kept = rows.rows.flatMap((text, i) => {
    let now: string | undefined = text;
    for (const { index, rule } of events) {
      if (now === undefined) break;
      const after: string | undefined = rewritten(now, rows.stamps[i] ?? "", rule);
      if (after !== now) changedBy.add(index);
      now = after;
    }
    return now === undefined ? [] : [now];
  });
  return changedBy.size === 0
    ? { answer: due, changedBy: [] }
    : { answer: withRows(due, kept, format), changedBy: [...changedBy].sort((a, b) => a - b) };
};
