import {
  candleCoverage,
  candleHistory,
  candleView,
  instrumentMaster,
  MarketTime,
  PluginError,
  rejectedRecords,
  type RunSummary,
  Sink,
  Source,
} from "@candlewick/core";
import { Clock, Effect } from "effect";
import { loadCoverage } from "./coverage.ts";
import type { Parameters } from "./parameters.ts";
import {
  type Covered,
  type Horizon,
  horizonOf,
  missingOf,
  nothingCovered,
  requestSpan,
  windowsOf,
} from "./planning.ts";
import { explainMissing, type Listing, missingSymbols, selectListings } from "./selection.ts";
import type { Series } from "./series.ts";

/** The datasets of this job at one source. */
export const datasetsOf = (info: Source.SourceInfo) => ({
  master: instrumentMaster(info),
  candles: candleHistory(info),
  coverage: candleCoverage(info),
});

export const ensureAll = Effect.fnUntraced(function* (info: Source.SourceInfo) {
  const sink = yield* Sink.Sink;
  const datasets = datasetsOf(info);
  yield* sink.ensure(datasets.master);
  yield* sink.ensure(datasets.candles);
  yield* sink.ensure(datasets.coverage);
  yield* sink.ensure(rejectedRecords);
  yield* sink.ensureView(candleView(info));
});

/** All that a run has to do, known before anything is fetched. */
export interface Work {
  readonly horizon: Horizon;
  readonly listings: ReadonlyArray<Listing>;
  /** The series that are not complete. */
  readonly series: ReadonlyArray<Series>;
  readonly requests: number;
  /** Symbols asked for that cannot be fetched, and why. */
  readonly unknown: ReadonlyArray<RunSummary.UnitFailure>;
}

/**
 * The series of the listings that are not complete, with the requests that complete them. Pure, and quick for
 * a hundred thousand series that are complete.
 */
export const incomplete = (
  listings: ReadonlyArray<Listing>,
  coverage: ReadonlyMap<number, Covered>,
  options: { readonly horizon: Horizon; readonly span: number; readonly timeZone: string },
): ReadonlyArray<Series> => {
  const expiryEnds = new Map<string, number>();
  const endOf = (expiry: string): number => {
    let end = expiryEnds.get(expiry);
    if (end === undefined) {
      end = MarketTime.dayStart(MarketTime.addDays(expiry, 1), options.timeZone);
      expiryEnds.set(expiry, end);
    }
    return end;
  };
  const series: Array<Series> = [];
  for (const listing of listings) {
    const covered = coverage.get(listing.instrument_id) ?? nothingCovered;
    const expiryEnd = listing.expiry === null ? undefined : endOf(listing.expiry);
    const missing = missingOf(options.horizon, covered, expiryEnd);
    if (missing.length > 0) series.push({ listing, covered, windows: windowsOf(missing, options.span) });
  }
  return series;
};

/** Plans a run by two queries, whatever the number of instruments (one more when a symbol is unknown). */
export const planWork = Effect.fn("historic.planWork")(function* (parameters: Parameters) {
  const sink = yield* Sink.Sink;
  const { info } = yield* Source.SourceSession;
  const { master, coverage } = datasetsOf(info);
  const span = requestSpan(info, parameters.interval);
  if (span === undefined) {
    return yield* new PluginError.PluginError({
      plugin: info.id,
      operation: `candles of interval ${parameters.interval}`,
      reason: new PluginError.Invalid({
        message: `${info.name} does not offer this interval; it offers ${
          Object.keys(info.daysPerRequest).join(", ")
        }`,
      }),
    });
  }
  const horizon = horizonOf(parameters, info, yield* Clock.currentTimeMillis);
  const listings = yield* selectListings(sink, master, parameters);
  const known = yield* loadCoverage(
    sink,
    coverage,
    parameters.interval,
    listings.map((listing) => listing.instrument_id),
  );
  const series = incomplete(listings, known, { horizon, span, timeZone: info.timeZone });
  const work: Work = {
    horizon,
    listings,
    series,
    requests: series.reduce((sum, one) => sum + one.windows.length, 0),
    unknown: yield* explainMissing(sink, master, missingSymbols(parameters, listings)),
  };
  return work;
});
