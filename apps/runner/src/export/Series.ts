import {
  candleCoverage,
  candleFailures,
  candleHistory,
  Coverage,
  type FailureRow,
  instrumentMaster,
  Knowledge,
  Listing,
  MarketTime,
  type PluginError,
  rejectedRecords,
  type RunSummary,
  type Sink,
  type Source,
} from "@candlewick/core";
import { Effect } from "effect";
import type { ExportValues } from "./Options.ts";

/** A series to export, with what the store says was asked for, and the days to export of it. */
export interface Series {
  readonly listing: Listing.Listing;
  readonly covered: Coverage.Covered;
  readonly failure: FailureRow | undefined;
  /** Both inclusive; absent where neither the user nor the store names a first day: nothing was ever asked for. */
  readonly from: MarketTime.Day | undefined;
  readonly to: MarketTime.Day;
}

export interface Chosen {
  /** By exchange and symbol. */
  readonly series: ReadonlyArray<Series>;
  /** Symbols asked for that the store does not know, and why. */
  readonly unknown: ReadonlyArray<RunSummary.UnitFailure>;
}

const earliest = (days: ReadonlyArray<MarketTime.Day>): MarketTime.Day =>
  days.reduce((left, right) => left < right ? left : right);

/** The first instant that was asked for, as far as the store tells. */
const firstAsked = ({ covered, failure }: Pick<Series, "covered" | "failure">): number | undefined => {
  const starts = [covered.final[0]?.from, covered.open?.from, failure?.range_start]
    .filter((start) => start !== undefined);
  return starts.length === 0 ? undefined : Math.min(...starts);
};

const bySymbol = (left: Series, right: Series): number => {
  const [one, other] = [left.listing, right.listing];
  if (one.exchange !== other.exchange) return one.exchange < other.exchange ? -1 : 1;
  if (one.tradingsymbol !== other.tradingsymbol) return one.tradingsymbol < other.tradingsymbol ? -1 : 1;
  return one.instrument_id - other.instrument_id;
};

/** Makes the store ready to be read: what a fresh one lacks is created, empty. */
const ensureRead = (sink: Sink.Sink["Service"], info: Source.SourceInfo) =>
  Effect.forEach(
    [instrumentMaster(info), candleCoverage(info), candleHistory(info), candleFailures, rejectedRecords],
    (dataset) => sink.ensure(dataset),
    { discard: true },
  );

/**
 * The series that are chosen, those of listings that are gone included; without a choice all of which the store has
 * something.
 */
export const chooseSeries = Effect.fn("export.chooseSeries")(function* (
  sink: Sink.Sink["Service"],
  info: Source.SourceInfo,
  asked: Pick<ExportValues, "interval" | "symbols" | "exchanges" | "instrumentTypes" | "from" | "to">,
  today: MarketTime.Day,
): Effect.fn.Return<Chosen, PluginError.PluginError> {
  yield* ensureRead(sink, info);
  const { exchanges, instrumentTypes, interval, symbols } = asked;
  const master = instrumentMaster(info);
  const isChoice = symbols.length + exchanges.length + instrumentTypes.length > 0;
  const listed = isChoice ? yield* Listing.select(sink, master, asked, "ever") : undefined;
  const coverage = yield* Coverage.load(
    sink,
    candleCoverage(info),
    interval,
    listed?.map(({ instrument_id }) => instrument_id),
  );
  const failures = yield* Knowledge.failuresOf(sink, info.id, interval);
  const listings = listed ??
    (yield* Listing.byId(sink, master, new Set([...coverage.keys(), ...failures.keys()])));

  const series = listings.flatMap((listing): ReadonlyArray<Series> => {
    const covered = coverage.get(listing.instrument_id) ?? Coverage.nothing;
    const failure = failures.get(listing.instrument_id);
    const asking = firstAsked({ covered, failure });
    // Of exchanges and types, only what was asked for: nobody expects candles of every option there is.
    if (asking === undefined && (symbols.length === 0 || listing.delisted_at !== null)) return [];
    const { delisted_at, expiry } = listing;
    const first = asked.from ?? (asking === undefined ? undefined : MarketTime.dayOf(asking, info.timeZone));
    const gone = delisted_at === null
      ? []
      : [MarketTime.addDays(MarketTime.dayOf(delisted_at, info.timeZone), -1)];
    const to = earliest([asked.to ?? today, ...(expiry === null ? [] : [expiry]), ...gone]);
    return [{ listing, covered, failure, from: first, to }];
  }).sort(bySymbol);
  const missing = Listing.missingSymbols(asked, series.map(({ listing }) => listing));
  return { series, unknown: yield* Listing.explainMissing(sink, master, missing) };
});
