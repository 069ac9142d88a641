import {
  type CandleHistory,
  type CandleRow,
  Coverage,
  type PluginError,
  type Sink,
  Where,
} from "@candlewick/core";
import { Effect, Stream } from "effect";

/** Stored final candles of a series between two instants, in the order asked for; `to` is exclusive. */
export const finalCandles = (
  sink: Sink.Sink["Service"],
  candles: CandleHistory,
  series: Coverage.Series,
  { from, limit, order = "asc", to }: {
    readonly from?: number;
    readonly to?: number;
    readonly order?: "asc" | "desc";
    readonly limit?: number;
  },
): Effect.Effect<ReadonlyArray<CandleRow>, PluginError.PluginError> => {
  const where = Where.on(candles);
  return Effect.map(
    Stream.runCollect(sink.select(candles, {
      where: [
        ...Coverage.sliceOf(candles, series),
        where.eq("is_final", true),
        ...(from === undefined ? [] : [where.gte("ts", from)]),
        ...(to === undefined ? [] : [where.lt("ts", to)]),
      ],
      orderBy: [order === "asc" ? "ts" : ["ts", "desc"]],
      ...(limit === undefined ? {} : { limit }),
    })),
    (batches) => batches.flat(),
  );
};
