import {
  Calendar,
  candleCoverage,
  candleFailures,
  candleHistory,
  candleRevisions,
  candleView,
  Coverage,
  instrumentMaster,
  Knowledge,
  Listing,
  MarketTime,
  PluginError,
  RangeSet,
  rejectedRecords,
  restatedCandles,
  restatements,
  type RunSummary,
  Sink,
  Source,
} from "@candlewick/core";
import { Clock, Effect } from "effect";
import { holesOf } from "./heal.ts";
import type { Parameters } from "./parameters.ts";
import { type Horizon, horizonOf, missingOf, requestSpan, windowsOf } from "./planning.ts";
import type { Series } from "./series.ts";

/** The datasets of this job at one source. */
export const datasetsOf = (info: Source.SourceInfo) => ({
  master: instrumentMaster(info),
  candles: candleHistory(info),
  coverage: candleCoverage(info),
  staging: restatedCandles(info),
});

export type Datasets = ReturnType<typeof datasetsOf>;

export const ensureAll = Effect.fnUntraced(function* (info: Source.SourceInfo) {
  const sink = yield* Sink.Sink;
  const datasets = datasetsOf(info);
  yield* sink.ensure(datasets.master);
  yield* sink.ensure(datasets.candles);
  yield* sink.ensure(datasets.coverage);
  yield* sink.ensure(datasets.staging);
  for (const shared of [rejectedRecords, candleRevisions, restatements, candleFailures]) {
    yield* sink.ensure(shared);
  }
  yield* sink.ensureView(candleView(info));
});

/** All that a run has to do, known before anything is fetched. */
export interface Work {
  readonly listings: ReadonlyArray<Listing.Listing>;
  /** The series that are not complete. */
  readonly series: ReadonlyArray<Series>;
  readonly requests: number;
  /** Symbols asked for that cannot be fetched, and why. */
  readonly unknown: ReadonlyArray<RunSummary.UnitFailure>;
  /** Exchanges whose holes were to be healed and cannot be told, for want of a calendar. */
  readonly unjudged: ReadonlyArray<string>;
  /** Calendars by exchange, where there is one. */
  readonly calendars: ReadonlyMap<string, Calendar.Calendar>;
}

/** What is known of the series of a run before it is planned. */
export interface Known {
  readonly coverage: ReadonlyMap<number, Coverage.Covered>;
  /** Tries so far of series whose last fetch failed. */
  readonly failedTries: ReadonlyMap<number, number>;
  /** Covered ranges that are to be fetched again. */
  readonly holes: ReadonlyMap<number, RangeSet.RangeSet>;
}

/**
 * The series of the listings that are not complete, with the number of requests that complete them. Pure, and
 * quick for a hundred thousand series that are complete.
 */
export const incomplete = (
  listings: ReadonlyArray<Listing.Listing>,
  known: Known,
  options: {
    readonly horizonOf: (exchange: string) => Horizon;
    readonly span: number;
    readonly timeZone: string;
    readonly refetch: boolean;
  },
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
    const covered = known.coverage.get(listing.instrument_id) ?? Coverage.nothing;
    const expiryEnd = listing.expiry === null ? undefined : endOf(listing.expiry);
    const horizon = options.horizonOf(listing.exchange);
    const uncovered = missingOf(horizon, covered, expiryEnd);
    const holes = known.holes.get(listing.instrument_id);
    const missing = holes === undefined ? uncovered : RangeSet.union(uncovered, holes);
    if (missing.length === 0 && !options.refetch) continue;
    const failedTries = known.failedTries.get(listing.instrument_id);
    const asked = options.refetch ? RangeSet.union(covered.final, missing) : missing;
    series.push({
      listing,
      horizon,
      covered,
      missing,
      requests: windowsOf(asked, options.span).length,
      ...(failedTries === undefined ? {} : { failedTries }),
    });
  }
  return series;
};

/** The calendars of the exchanges of some listings. */
const calendarsOf = Effect.fnUntraced(function* (exchanges: Iterable<string>) {
  const { of } = yield* Calendar.Calendars;
  const found = new Map<string, Calendar.Calendar>();
  for (const exchange of new Set(exchanges)) {
    const calendar = yield* of(exchange);
    if (calendar !== undefined) found.set(exchange, calendar);
  }
  return found;
});

/** Plans a run by three queries, whatever the number of instruments (more when it heals or a symbol is unknown). */
export const planWork = Effect.fn("historic.planWork")(function* (parameters: Parameters) {
  const sink = yield* Sink.Sink;
  const { info } = yield* Source.SourceSession;
  const datasets = datasetsOf(info);
  const { interval } = parameters;
  const span = requestSpan(info, interval);
  if (span === undefined) {
    return yield* new PluginError.PluginError({
      plugin: info.id,
      operation: `candles of interval ${interval}`,
      reason: new PluginError.Invalid({
        message: `${info.name} does not offer this interval; it offers ${
          Object.keys(info.daysPerRequest).join(", ")
        }`,
      }),
    });
  }
  const now = yield* Clock.currentTimeMillis;
  const listings = yield* Listing.select(sink, datasets.master, parameters);
  const calendars = yield* calendarsOf(listings.map(({ exchange }) => exchange));
  const horizons = new Map<string, Horizon>();
  const horizonFor = (exchange: string): Horizon => {
    const known = horizons.get(exchange) ?? horizonOf(parameters, info, now, calendars.get(exchange));
    horizons.set(exchange, known);
    return known;
  };
  const coverage = yield* Coverage.load(
    sink,
    datasets.coverage,
    interval,
    listings.map((listing) => listing.instrument_id),
  );
  const failures = yield* Knowledge.failuresOf(sink, info.id, interval);
  const holes = parameters.heal
    ? yield* holesOf({
      sink,
      info,
      interval,
      candles: datasets.candles,
      listings,
      coverage,
      calendars,
      horizonFor,
    })
    : new Map<number, RangeSet.RangeSet>();
  const failedTries = new Map([...failures].map(([id, { tries }]) => [id, tries] as const));
  const series = incomplete(listings, { coverage, failedTries, holes }, {
    horizonOf: horizonFor,
    span,
    timeZone: info.timeZone,
    refetch: parameters.refetch,
  });
  const work: Work = {
    listings,
    series,
    requests: series.reduce((sum, one) => sum + one.requests, 0),
    unknown: yield* Listing.explainMissing(
      sink,
      datasets.master,
      Listing.missingSymbols(parameters, listings),
    ),
    unjudged: parameters.heal
      ? [...new Set(listings.map(({ exchange }) => exchange))].filter((one) => !calendars.has(one))
      : [],
    calendars,
  };
  return work;
});
