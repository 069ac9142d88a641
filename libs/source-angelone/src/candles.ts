import { type Candle, CandleAnswer, type Interval, type Source } from "@candlewick/core";
import { parseStamp } from "@candlewick/vendor-http";
import { Result } from "effect";
import { formatMinute, lacksOffset, minutesOf } from "./stamp.ts";

/** The vendor's words for intervals. */
const names: Readonly<Record<Interval.Interval, string>> = {
  "minute": "ONE_MINUTE",
  "3minute": "THREE_MINUTE",
  "5minute": "FIVE_MINUTE",
  "10minute": "TEN_MINUTE",
  "15minute": "FIFTEEN_MINUTE",
  "30minute": "THIRTY_MINUTE",
  "60minute": "ONE_HOUR",
  "day": "ONE_DAY",
};

/** What getCandleData is asked; `undefined` when the span holds no minute at which a candle could begin. */
export const candleQuery = (
  asked: Pick<Source.CandleRequest, "subject" | "interval" | "from" | "to">,
): Readonly<Record<string, string>> | undefined => {
  const minutes = minutesOf(asked);
  return minutes === undefined ? undefined : {
    exchange: asked.subject.exchange,
    symboltoken: asked.subject.token,
    interval: names[asked.interval],
    fromdate: formatMinute(minutes.first),
    todate: formatMinute(minutes.last),
  };
};

/** One row: `[stamp, open, high, low, close, volume]`. */
const readRow = (row: unknown): Candle.UncheckedCandle | string => {
  if (!Array.isArray(row) || row.length !== 6) return "a row of an unknown shape";
  const [stamp, open, high, low, close, volume] = row;
  // To guess the zone would move every candle by hours.
  if (lacksOffset(stamp)) return "a row whose time lacks its zone";
  return { ts: parseStamp(stamp), open, high, low, close, volume, oi: null };
};

/** The candles of one answer's `data`, or why the answer cannot be trusted. Where nothing traded `data` is null. */
export const decodeCandles = (
  data: unknown,
  asked: CandleAnswer.Reading["asked"],
): Result.Result<Candle.CandleBatch, string> =>
  data === null || Array.isArray(data)
    ? CandleAnswer.decode(data ?? [], { asked, read: readRow, show: formatMinute })
    : Result.fail("an answer without candles");
