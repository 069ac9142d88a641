import {
  type Exporter,
  Listing,
  MarketTime,
  type PluginError,
  RunEvent,
  type Sink,
  type Source,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { marketsOf, missingOf } from "./Missing.ts";
import type { ExportValues } from "./Options.ts";
import type { ExportedSeries } from "./Report.ts";
import { columnsOf, emptyTally, type ExportedRow, rowsOf } from "./Rows.ts";
import type { Series } from "./Series.ts";

/** What went into the file. Instants in epoch ms. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly series: ReadonlyArray<ExportedSeries>;
}

/** Writes the candles of some series, one after the other, and finds out what is missing of them. */
export const write = Effect.fn("export.write")(function* (
  at: {
    readonly sink: Sink.Sink["Service"];
    readonly info: Source.SourceInfo;
    readonly exporter: Exporter.Exporter;
    readonly target: Exporter.ExportTarget;
    readonly asked: ExportValues;
    readonly now: number;
  },
  series: ReadonlyArray<Series>,
): Effect.fn.Return<Written, PluginError.PluginError> {
  const { asked, exporter, info, sink, target } = at;
  const markets = yield* marketsOf(series, info, asked, at.now);
  const done: Array<ExportedSeries> = [];
  let first: number | undefined;
  let last: number | undefined;

  const oneOf = (one: Series): Stream.Stream<ReadonlyArray<ExportedRow>, PluginError.PluginError> => {
    const tally = emptyTally();
    const symbol = Listing.symbolOf(one.listing);
    const finish = Effect.gen(function* () {
      const market = markets.get(one.listing.exchange)!;
      const missing = yield* missingOf(sink, info, one, asked, tally, market);
      done.push({ symbol, instrumentId: one.listing.instrument_id, rows: tally.rows, missing });
      if (tally.first !== undefined) first = Math.min(first ?? tally.first, tally.first);
      if (tally.last !== undefined) last = Math.max(last ?? tally.last, tally.last);
      yield* RunEvent.emit((where) => ({
        _tag: "Progress",
        ...where,
        unit: "instruments",
        done: done.length,
        total: series.length,
        failed: 0,
        rejected: 0,
        current: symbol,
      }));
    });
    return Stream.concat(rowsOf(sink, info, one, asked, tally), Stream.fromEffectDrain(finish));
  };

  const rows = Stream.flatMap(Stream.fromIterable(series), oneOf);
  const { bytes, rows: count } = yield* exporter.write(columnsOf(info), rows, target);
  return { rows: count, bytes, first, last, series: done };
});

/** The days of the first and the last candle. */
export const daysOf = (
  { first, last }: Pick<Written, "first" | "last">,
  { timeZone }: Pick<Source.SourceInfo, "timeZone">,
): readonly [string, string] | undefined =>
  first === undefined || last === undefined
    ? undefined
    : [MarketTime.dayOf(first, timeZone), MarketTime.dayOf(last, timeZone)];
