import { Candle, Interval, type Rejection, type Source } from "@candlewick/core";
import { Result } from "effect";
import { formatStamp, parseStamp } from "./stamp.ts";

export type Asked = Pick<Source.CandleRequest, "interval" | "from" | "to">;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One row: an array `[stamp, open, high, low, close, volume]` with or without open interest (001-P17), or an
 * object with those names (001-P18; the stamp under `date` or `timestamp`). `undefined` for any other shape.
 */
export const readRow = (row: unknown): Candle.UncheckedCandle | undefined => {
  if (Array.isArray(row)) {
    if (row.length !== 6 && row.length !== 7) return undefined;
    const [stamp, open, high, low, close, volume, oi] = row;
    return { ts: parseStamp(stamp), open, high, low, close, volume, oi };
  }
  if (!isRecord(row)) return undefined;
  const { open, high, low, close, volume, oi } = row;
  return { ts: parseStamp(row["date"] ?? row["timestamp"]), open, high, low, close, volume, oi };
};

const excerpt = (row: unknown): string => JSON.stringify(row).slice(0, 120);

/**
 * The candles of one answer's `data`, oldest first. A row whose values are bad is rejected with its reason; the
 * failure says why the answer as a whole cannot be trusted:
 *
 * - it is not `{ candles: [...] }`, or a row is of no known shape
 * - stamps do not ascend, so that rows are doubled, swapped or of two series
 * - a stamp lies outside what was asked for, so that it answers another question
 *
 * The vendor may round the beginning down to the candle that contains it (a day asked for from 09:15 on); that
 * candle was not asked for and is left out.
 */
export const decodeCandles = (data: unknown, asked: Asked): Result.Result<Candle.CandleBatch, string> => {
  const rows = isRecord(data) ? data["candles"] : undefined;
  if (!Array.isArray(rows)) return Result.fail("an answer without candles");
  const length = Interval.millis(asked.interval);
  const candles: Array<Candle.Candle> = [];
  const rejected: Array<Rejection.Rejection> = [];
  let previous = -Infinity;
  for (const row of rows) {
    const unchecked = readRow(row);
    if (unchecked === undefined) return Result.fail(`a row of an unknown shape: ${excerpt(row)}`);
    const { ts } = unchecked;
    if (!Number.isNaN(ts)) {
      if (ts <= previous) {
        return Result.fail(`a row that is not later than the one before it: ${excerpt(row)}`);
      }
      previous = ts;
      if (ts + length <= asked.from || ts >= asked.to) {
        const span = `${formatStamp(asked.from)} to ${formatStamp(asked.to)}`;
        return Result.fail(`a row outside ${span}: ${excerpt(row)}`);
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

/**
 * The span `[from, to)` as the API takes it: its bounds are inclusive, in whole seconds, and in Indian time.
 * `oi` is always asked for; where there is none the vendor sends 0.
 */
export const candleQuery = (
  request: Pick<Source.CandleRequest, "from" | "to" | "continuous">,
): Readonly<Record<string, string>> => ({
  from: formatStamp(Math.ceil(request.from / 1_000) * 1_000),
  to: formatStamp((Math.ceil(request.to / 1_000) - 1) * 1_000),
  oi: "1",
  ...(request.continuous ? { continuous: "1" } : {}),
});
