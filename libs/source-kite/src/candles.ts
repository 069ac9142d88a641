import { parseStamp } from "@candlewick/vendor-http";
import { type Candle, CandleAnswer, type Source } from "@candlewick/core";
import { Result } from "effect";
import { formatStamp } from "./stamp.ts";

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

/** The candles of one answer's `data`, or why the answer cannot be trusted. */
export const decodeCandles = (data: unknown, asked: Asked): Result.Result<Candle.CandleBatch, string> => {
  const rows = isRecord(data) ? data["candles"] : undefined;
  if (!Array.isArray(rows)) return Result.fail("an answer without candles");
  return CandleAnswer.decode(rows, {
    asked,
    read: (row) => readRow(row) ?? "a row of an unknown shape",
    show: formatStamp,
  });
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
