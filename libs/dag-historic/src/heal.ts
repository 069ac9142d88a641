import {
  type Calendar,
  type CandleHistory,
  Completeness,
  type Coverage,
  type Interval,
  Knowledge,
  type Listing,
  MarketTime,
  type PluginError,
  RangeSet,
  type Sink,
  type Source,
} from "@candlewick/core";
import { Effect } from "effect";
import type { Horizon } from "./planning.ts";

/** Reasons for which a session that was fetched is fetched again; what was never fetched is missing anyway. */
const HEALED: ReadonlyArray<Completeness.Reason> = ["answered empty", "rejected"];

interface Place {
  readonly sink: Sink.Sink["Service"];
  readonly info: Source.SourceInfo;
  readonly interval: Interval.Interval;
  readonly candles: CandleHistory;
  readonly listings: ReadonlyArray<Listing.Listing>;
  readonly coverage: ReadonlyMap<number, Coverage.Covered>;
  readonly calendars: ReadonlyMap<string, Calendar.Calendar>;
  readonly horizonFor: (exchange: string) => Horizon;
}

/**
 * By instrument, the ranges that were fetched and have no candle though the exchange traded. Nothing for an
 * exchange without a calendar.
 */
export const holesOf = Effect.fnUntraced(function* (
  { calendars, candles, coverage, horizonFor, info, interval, listings, sink }: Place,
): Effect.fn.Return<ReadonlyMap<number, RangeSet.RangeSet>, PluginError.PluginError> {
  const { timeZone } = info;
  const expectations = new Map([...calendars].map(([exchange, calendar]) => {
    const { from, to } = horizonFor(exchange);
    return [
      exchange,
      Completeness.expectedOf(calendar, {
        from: MarketTime.dayOf(from, timeZone),
        to: MarketTime.dayOf(to - 1, timeZone),
        isDaily: interval === "day",
        timeZone,
      }),
    ];
  }));
  const holes = new Map<number, RangeSet.RangeSet>();
  for (const listing of listings) {
    const expected = expectations.get(listing.exchange);
    const covered = coverage.get(listing.instrument_id);
    if (expected === undefined || covered === undefined) continue;
    const horizon = horizonFor(listing.exchange);
    const known = yield* Knowledge.load(sink, {
      source: info.id,
      candles,
      series: { instrumentId: listing.instrument_id, interval },
      from: horizon.from,
      to: horizon.to,
      timeZone,
      covered,
      failure: undefined,
    });
    const found = Completeness.inspect(expected, known, horizon).holes.filter(({ reason }) =>
      HEALED.includes(reason)
    );
    if (found.length > 0) holes.set(listing.instrument_id, Completeness.rangesOf(found, timeZone));
  }
  return holes;
});
