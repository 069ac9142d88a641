import {
  candleCoverage,
  candleFailures,
  candleHistory,
  candleRevisions,
  Coverage,
  type FailureRow,
  instrumentMaster,
  type Interval,
  Knowledge,
  Listing,
  rejectedRecords,
  restatements,
  type RunSummary,
  Sink,
  Source,
} from "@candlewick/core";
import { Effect } from "effect";
import type { Parameters } from "./parameters.ts";

/** A series to report, with what the store says was asked for. */
export interface Subject {
  readonly listing: Listing.Listing;
  readonly covered: Coverage.Covered;
  readonly failure: FailureRow | undefined;
}

export interface Subjects {
  readonly subjects: ReadonlyArray<Subject>;
  /** Symbols asked for of which nothing is known, and why. */
  readonly unknown: ReadonlyArray<RunSummary.UnitFailure>;
}

/** Makes the store ready to be read: what a fresh one lacks is created, empty. */
const ensureRead = Effect.fnUntraced(function* (info: Source.SourceInfo) {
  const sink = yield* Sink.Sink;
  const own = [instrumentMaster(info), candleCoverage(info), candleHistory(info)];
  for (const dataset of own) yield* sink.ensure(dataset);
  for (const shared of [candleFailures, candleRevisions, restatements, rejectedRecords]) {
    yield* sink.ensure(shared);
  }
});

const isAsked = ({ covered, failure }: Subject): boolean =>
  covered.final.length > 0 || covered.open !== undefined || failure !== undefined;

/** Coverage of listings that are named, or of all series at the interval. */
const coverageOf = (
  sink: Sink.Sink["Service"],
  info: Source.SourceInfo,
  interval: Interval.Interval,
  listings?: ReadonlyArray<Listing.Listing>,
) => Coverage.load(sink, candleCoverage(info), interval, listings?.map(({ instrument_id }) => instrument_id));

/**
 * The series that the parameters choose: without a choice those that the store knows at the interval. Of listings
 * that are gone only what was asked for while they were there.
 */
export const subjectsOf = Effect.fn("coverage.subjectsOf")(function* (parameters: Parameters) {
  const sink = yield* Sink.Sink;
  const { info } = yield* Source.SourceSession;
  yield* ensureRead(info);
  const master = instrumentMaster(info);
  const { exchanges, instrumentTypes, interval, symbols } = parameters;
  const isChoice = symbols.length + exchanges.length + instrumentTypes.length > 0;
  const failures = yield* Knowledge.failuresOf(sink, info.id, interval);

  const chosen = isChoice ? yield* Listing.select(sink, master, parameters, "ever") : undefined;
  const coverage = yield* coverageOf(sink, info, interval, chosen);
  const listings = chosen ??
    (yield* Listing.byId(sink, master, new Set([...coverage.keys(), ...failures.keys()])));
  const subjects = listings
    .map((listing): Subject => ({
      listing,
      covered: coverage.get(listing.instrument_id) ?? Coverage.nothing,
      failure: failures.get(listing.instrument_id),
    }))
    .filter((subject) => subject.listing.delisted_at === null || isAsked(subject));
  const missing = Listing.missingSymbols(parameters, subjects.map(({ listing }) => listing));
  const found: Subjects = { subjects, unknown: yield* Listing.explainMissing(sink, master, missing) };
  return found;
});
