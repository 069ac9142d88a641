import {
  candleHistory,
  Coverage,
  type Dataset,
  instrumentMaster,
  MarketTime,
  type PluginError,
  type Sink,
  type Source,
  Where,
} from "@candlewick/core";
import { Stream } from "effect";
import type { ExportValues } from "./Options.ts";
import type { Series } from "./Series.ts";

/** Columns of an exported file. */
export const columnsOf = (info: Pick<Source.SourceInfo, "id" | "tokenType">) => {
  const { exchange, instrument_token, tradingsymbol } = instrumentMaster(info).columns;
  const { interval, ts, open, high, low, close, volume, oi, is_final } = candleHistory(info).columns;
  return {
    ...{ exchange, tradingsymbol, instrument_token },
    ...{ interval, ts, open, high, low, close, volume, oi, is_final },
  };
};

export type ExportedRow = Dataset.RowOf<ReturnType<typeof columnsOf>>;

/** What of a series went into the file. */
export interface SeriesTally {
  rows: number;
  /** Epoch ms. */
  first: number | undefined;
  last: number | undefined;
  /** Days with a candle, in order, by whether all of the day's candles are final. */
  readonly present: Map<MarketTime.Day, boolean>;
}

export const emptyTally = (): SeriesTally => ({
  rows: 0,
  first: undefined,
  last: undefined,
  present: new Map(),
});

const read = ["ts", "open", "high", "low", "close", "volume", "oi", "is_final"] as const;

/** The candles of one series, in the order of time: one query, so that they are one state of the store. */
export const rowsOf = (
  sink: Sink.Sink["Service"],
  info: Source.SourceInfo,
  { from, listing, to }: Series,
  asked: Pick<ExportValues, "interval" | "final">,
  tally: SeriesTally,
): Stream.Stream<ReadonlyArray<ExportedRow>, PluginError.PluginError> => {
  const candles = candleHistory(info);
  const where = Where.on(candles);
  const { interval } = asked;
  const dayOf = MarketTime.dayFinder(info.timeZone);
  const { exchange, instrument_id, instrument_token, tradingsymbol } = listing;
  if (from === undefined || to < from) return Stream.empty;
  return sink.select(candles, {
    columns: read,
    where: [
      ...Coverage.sliceOf(candles, { instrumentId: instrument_id, interval }),
      where.gte("ts", MarketTime.dayStart(from, info.timeZone)),
      where.lt("ts", MarketTime.dayStart(MarketTime.addDays(to, 1), info.timeZone)),
      ...(asked.final ? [where.eq("is_final", true)] : []),
    ],
    orderBy: ["ts"],
  }).pipe(Stream.map((rows) => {
    tally.rows += rows.length;
    tally.first ??= rows[0]?.ts;
    tally.last = rows[rows.length - 1]?.ts ?? tally.last;
    return rows.map((row): ExportedRow => {
      const day = dayOf(row.ts);
      tally.present.set(day, (tally.present.get(day) ?? true) && row.is_final);
      return { exchange, tradingsymbol, instrument_token, interval, ...row };
    });
  }));
};
