import { Result } from "effect";
import * as Candle from "./Candle.ts";
import * as Interval from "./Interval.ts";
import type { Rejection } from "./Rejection.ts";
import type { CandleRequest } from "./Source.ts";

export interface Reading {
  readonly asked: Pick<CandleRequest, "interval" | "from" | "to">;
  /** One row as the vendor wrote it; text says why the whole answer cannot be trusted: `a row of an unknown shape`. */
  readonly read: (row: unknown) => Candle.UncheckedCandle | string;
  /** An instant (epoch ms) as the vendor writes it, for messages. */
  readonly show: (instant: number) => string;
}

const excerpt = (row: unknown): string => JSON.stringify(row).slice(0, 120);

/**
 * The candles of one answer, for vendors that send them oldest first. A row whose values are bad is rejected with its
 * reason; the failure says why the answer as a whole cannot be trusted:
 *
 * - `read` could make nothing of a row
 * - stamps do not ascend, so that rows are doubled, swapped or of two series
 * - a stamp lies outside what was asked for, so that it answers another question
 *
 * A vendor may round the beginning down to the candle that contains it (a day asked for from 09:15 on); that candle
 * was not asked for and is left out.
 */
export const decode = (
  rows: ReadonlyArray<unknown>,
  { asked, read, show }: Reading,
): Result.Result<Candle.CandleBatch, string> => {
  const length = Interval.millis(asked.interval);
  const candles: Array<Candle.Candle> = [];
  const rejected: Array<Rejection> = [];
  let previous = -Infinity;
  for (const row of rows) {
    const unchecked = read(row);
    if (typeof unchecked === "string") return Result.fail(`${unchecked}: ${excerpt(row)}`);
    const { ts } = unchecked;
    if (!Number.isNaN(ts)) {
      if (ts <= previous) {
        return Result.fail(`a row that is not later than the one before it: ${excerpt(row)}`);
      }
      previous = ts;
      if (ts + length <= asked.from || ts >= asked.to) {
        return Result.fail(`a row outside ${show(asked.from)} to ${show(asked.to)}: ${excerpt(row)}`);
      }
      if (ts < asked.from) continue;
    }
    const candle = Candle.check(unchecked);
    if (Candle.isFault(candle)) {
      rejected.push({ reason: candle, raw: JSON.stringify(row), ...(Number.isNaN(ts) ? {} : { ts }) });
    } else candles.push(candle);
  }
  return Result.succeed({ candles, rejected });
};
