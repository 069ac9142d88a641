import { type RunRow, runs, Sink } from "@candlewick/core";
import { Cause, Effect } from "effect";
import { type DagReport, outcomeOf } from "./Report.ts";

export interface RunIdentity {
  readonly id: string;
  readonly dag: string;
  readonly source: string;
  readonly started: number;
}

/** Notes in the store how a run of a DAG stands; a run does not fail because its record does. */
const record = Effect.fnUntraced(function* (row: RunRow) {
  const sink = yield* Sink.Sink;
  yield* sink.ensure(runs).pipe(
    Effect.andThen(sink.upsert(runs, [row])),
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.void
        : Effect.logWarning("this run could not be noted in the table candlewick_runs", cause)
    ),
  );
});

const row = (run: RunIdentity): RunRow => ({
  run_id: run.id,
  dag: run.dag,
  source: run.source,
  started_at: run.started,
  finished_at: null,
  outcome: "running",
  headline: "",
  counts: {},
});

export const recordStart = (run: RunIdentity) => record(row(run));

export const recordEnd = (run: RunIdentity, report: DagReport) =>
  record({
    ...row(run),
    finished_at: run.started + report.millis,
    outcome: outcomeOf(report),
    headline: "summary" in report ? report.summary.headline : report.message,
    counts: "summary" in report ? report.summary.counts : {},
  });
