import {
  candleFailures,
  candleRevisions,
  type CandleRow,
  Coverage,
  type PluginError,
  rejectedRecords,
  rejectedRows,
  type Rejection,
  Retry,
  type RevisionRow,
  Sink,
  Where,
} from "@candlewick/core";
import { Effect } from "effect";
import type { Job } from "./series.ts";

/** What was fetched and is not stored yet; grows as answers come. */
export interface Pending {
  readonly rows: Array<CandleRow>;
  readonly revisions: Array<RevisionRow>;
  readonly rejections: Array<Rejection.Rejection>;
}

export const nothingPending = (): Pending => ({ rows: [], revisions: [], rejections: [] });

/** A series as it is to stand in the store. */
export interface Standing {
  readonly sink: Sink.Sink["Service"];
  readonly job: Pick<Job, "datasets" | "policy">;
  readonly source: string;
  readonly series: Coverage.Series;
  readonly covered: Coverage.Covered;
  readonly now: number;
}

/** Candles and the coverage they fill, in one transaction, tried again as the policy says. */
export const commit = (
  at: Standing,
  { rejections, revisions, rows }: Pending,
): Effect.Effect<Sink.WriteCounts, PluginError.PluginError> =>
  at.sink.transaction(Effect.gen(function* () {
    const counts = rows.length === 0 ? Sink.noWrites : yield* at.sink.upsert(at.job.datasets.candles, rows);
    if (revisions.length > 0) yield* at.sink.upsert(candleRevisions, revisions);
    yield* around(at, rejections);
    return counts;
  })).pipe(Retry.retrying(at.job.policy));

/** What goes with the candles of a series: coverage, rejected records, and the end of an earlier failure. */
export const around = Effect.fnUntraced(function* (
  { covered, job, now, series, sink, source }: Standing,
  rejections: ReadonlyArray<Rejection.Rejection>,
) {
  const { candles, coverage } = job.datasets;
  const subject = `${series.instrumentId}:${series.interval}`;
  const rejected = rejectedRows({ source, dataset: candles.name, subject, time: now }, rejections);
  if (rejected.length > 0) yield* sink.upsert(rejectedRecords, rejected);
  yield* sink.replace(coverage, Coverage.sliceOf(coverage, series), Coverage.rowsOf(series, covered, now));
});

/** The slice that holds the failure of a series. */
export const failureSlice = (source: string, series: Coverage.Series): Where.Where => {
  const where = Where.on(candleFailures);
  return [
    where.eq("source", source),
    where.eq("instrument_id", series.instrumentId),
    where.eq("interval", series.interval),
  ];
};
