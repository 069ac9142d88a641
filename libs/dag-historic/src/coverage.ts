import {
  type CandleCoverage,
  type CoverageRow,
  type Interval,
  type PluginError,
  RangeSet,
  type Sink,
  Where,
} from "@candlewick/core";
import { type Effect, Stream } from "effect";
import { type Covered, nothingCovered } from "./planning.ts";

/** Beyond this many instruments the coverage of all is read rather than each named. */
const NAMED = 1_000;

/** Coverage of the instruments at one interval, by one query. */
export const loadCoverage = (
  sink: Sink.Sink["Service"],
  dataset: CandleCoverage,
  interval: Interval.Interval,
  instrumentIds: ReadonlyArray<number>,
): Effect.Effect<ReadonlyMap<number, Covered>, PluginError.PluginError> => {
  const where = Where.on(dataset);
  const conditions = [where.eq("interval", interval)];
  if (instrumentIds.length <= NAMED) conditions.push(where.in("instrument_id", instrumentIds));
  return sink.select(dataset, {
    columns: ["instrument_id", "range_start", "range_end", "is_final", "fetched_at"],
    where: conditions,
  }).pipe(
    Stream.runFold((): Map<number, Covered> => new Map(), (byInstrument, rows) => {
      for (const row of rows) {
        byInstrument.set(
          row.instrument_id,
          withRow(byInstrument.get(row.instrument_id) ?? nothingCovered, row),
        );
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
export const rowsOf = (
  series: { readonly instrumentId: number; readonly interval: Interval.Interval },
  covered: Covered,
  now: number,
): ReadonlyArray<CoverageRow> => {
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

/** The slice of the coverage dataset that holds one series. */
export const sliceOf = (
  dataset: CandleCoverage,
  series: { readonly instrumentId: number; readonly interval: Interval.Interval },
): Where.Where => {
  const where = Where.on(dataset);
  return [where.eq("instrument_id", series.instrumentId), where.eq("interval", series.interval)];
};
