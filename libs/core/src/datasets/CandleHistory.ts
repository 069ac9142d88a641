import * as Dataset from "../Dataset.ts";
import type { SourceInfo } from "../Source.ts";
import { instrumentMaster } from "./InstrumentMaster.ts";

const columns = {
  instrument_id: Dataset.int64(),
  interval: Dataset.text("minute, 5minute, day ..."),
  ts: Dataset.timestamp("start of the candle"),
  open: Dataset.decimal(),
  high: Dataset.decimal(),
  low: Dataset.decimal(),
  close: Dataset.decimal(),
  volume: Dataset.int64(),
  oi: Dataset.nullable(Dataset.int64("open interest")),
  is_final: Dataset.boolean("false while the vendor may still change it: fetched again by the next run"),
  fetched_at: Dataset.bookkeeping(Dataset.timestamp()),
};
const key = ["instrument_id", "interval", "ts"] as const;

/** OHLCV candles of all instruments and intervals of a source. */
export const candleHistory = (info: Pick<SourceInfo, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "ohlcv_historic"),
    description: `OHLCV candles from ${info.id}`,
    columns,
    key,
    timeSeries: { time: "ts", segmentBy: ["instrument_id", "interval"] },
  });

/**
 * Where a series whose history the vendor restated is gathered, until it is whole and takes the place of the old
 * one. What a run that broke off left here is dropped by the next.
 */
export const restatedCandles = (info: Pick<SourceInfo, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "ohlcv_restated"),
    description: `Restated series from ${info.id} on their way into ${
      Dataset.nameOf(info.id, "ohlcv_historic")
    }`,
    columns,
    key,
  });

export type CandleHistory = ReturnType<typeof candleHistory>;
export type CandleRow = Dataset.Row<CandleHistory>;

/** Candles with the token and symbol of their instrument. */
export const candleView = (info: Pick<SourceInfo, "id" | "tokenType">) =>
  Dataset.view({
    name: Dataset.nameOf(info.id, "ohlcv"),
    description: `Candles from ${info.id} with token, exchange and symbol`,
    base: candleHistory(info),
    joined: instrumentMaster(info),
    on: [["instrument_id", "instrument_id"]],
    adds: ["instrument_token", "exchange", "tradingsymbol"],
  });

/**
 * Which time ranges of a series have been fetched, as disjoint half-open ranges. Committed together with the
 * candles, so what is covered is there, and what is not covered is asked for.
 */
export const candleCoverage = (info: Pick<SourceInfo, "id">) =>
  Dataset.make({
    name: Dataset.nameOf(info.id, "ohlcv_coverage"),
    description: `Time ranges of candles fetched from ${info.id}`,
    columns: {
      instrument_id: Dataset.int64(),
      interval: Dataset.text(),
      range_start: Dataset.timestamp("inclusive"),
      range_end: Dataset.timestamp("exclusive"),
      is_final: Dataset.boolean("false for the days still open: asked for again when they are stale"),
      fetched_at: Dataset.timestamp("when the range was last asked for"),
    },
    key: ["instrument_id", "interval", "range_start"],
  });

export type CandleCoverage = ReturnType<typeof candleCoverage>;
export type CoverageRow = Dataset.Row<CandleCoverage>;
