import { type Effect, Stream } from "effect";
import type { CandleCoverage, CandleHistory, CoverageRow } from "./datasets/CandleHistory.ts";
import type { Interval } from "./Interval.ts";
import type { PluginError } from "./PluginError.ts";
import * as RangeSet from "./RangeSet.ts";
import type { Sink } from "./Sink.ts";
import * as Where from "./Where.ts";

/** One series: the candles of an instrument at an interval. */
export interface Series {
  readonly instrumentId: number;
  readonly interval: Interval;
}

/** What the store says has been fetched of one series. */
export interface Covered {
  /** Ranges fetched when they were final. */
  readonly final: RangeSet.RangeSet;
  /** The open days, as last looked at. */
  readonly open?: { readonly from: number; readonly to: number; readonly fetchedAt: number };
}

export const nothing: Covered = { final: RangeSet.empty };

/** Beyond this many instruments the coverage of all is read rather than each named. */
const NAMED = 1_000;

/** Coverage by instrument at one interval, by one query; of all instruments when none are named. */
export const load = (
  sink: Sink["Service"],
  dataset: CandleCoverage,
  interval: Interval,
  instrumentIds?: ReadonlyArray<number>,
): Effect.Effect<ReadonlyMap<number, Covered>, PluginError> => {
  const where = Where.on(dataset);
  const conditions = [where.eq("interval", interval)];
  if (instrumentIds !== undefined && instrumentIds.length <= NAMED) {
    conditions.push(where.in("instrument_id", instrumentIds));
  }
  return sink.select(dataset, {
    columns: ["instrument_id", "range_start", "range_end", "is_final", "fetched_at"],
    where: conditions,
  }).pipe(
    Stream.runFold((): Map<number, Covered> => new Map(), (byInstrument, rows) => {
      for (const row of rows) {
        byInstrument.set(row.instrument_id, withRow(byInstrument.get(row.instrument_id) ?? nothing, row));
      }
      return byInstrument;
    }),
  );
};

type Stored = Pick<CoverageRow, "range_start" | "range_end" | "is_final" | "fetched_at">;

/** Adds one stored row to what is known of its series. */
export const withRow = (covered: Covered, row: Stored): Covered =>
  row.is_final
    ? { ...covered, final: RangeSet.union(covered.final, RangeSet.of(row.range_start, row.range_end)) }
    : { ...covered, open: { from: row.range_start, to: row.range_end, fetchedAt: row.fetched_at } };

/** The rows that say what is covered of one series: the whole slice of the dataset. */
export const rowsOf = (series: Series, covered: Covered, now: number): ReadonlyArray<CoverageRow> => {
  const row = (range: RangeSet.Range, isFinal: boolean, fetchedAt: number): CoverageRow => ({
    instrument_id: series.instrumentId,
    interval: series.interval,
    range_start: range.from,
    range_end: range.to,
    is_final: isFinal,
    fetched_at: fetchedAt,
  });
  const final = covered.final.map((range) => row(range, true, now));
  return covered.open === undefined ? final : [...final, row(covered.open, false, covered.open.fetchedAt)];
};

/** The slice of a dataset of candles, or of their coverage, that holds one series. */
export const sliceOf = (dataset: CandleCoverage | CandleHistory, series: Series): Where.Where => {
  const where = Where.on(dataset);
  return [where.eq("instrument_id", series.instrumentId), where.eq("interval", series.interval)];
};
