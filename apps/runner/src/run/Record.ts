import { type RunRow, runs, Sink, Where } from "@candlewick/core";
import { Cause, Effect, Stream } from "effect";
import { type DagReport, outcomeOf } from "./Report.ts";

export interface RunIdentity {
  readonly id: string;
  readonly dag: string;
  readonly source: string;
  readonly started: number;
}

const logUnlessInterrupted = (message: string) => (cause: Cause.Cause<unknown>) =>
  Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logWarning(message, cause);

/** Notes in the store how a run of a DAG stands; a run does not fail because its record does. */
const record = Effect.fnUntraced(function* (row: RunRow) {
  const sink = yield* Sink.Sink;
  yield* sink.ensure(runs).pipe(
    Effect.andThen(sink.upsert(runs, [row])),
    Effect.catchCause(logUnlessInterrupted("this run could not be noted in the table candlewick_runs")),
  );
});

/** A DAG at a source: runs of it take turns. */
export type Job = Pick<RunIdentity, "dag" | "source">;

/** Runs that are noted as running, newest first. */
const unended = Effect.fnUntraced(function* ({ dag, source }: Job) {
  const sink = yield* Sink.Sink;
  const is = Where.on(runs);
  const batches = yield* Stream.runCollect(
    sink.select(runs, {
      where: [is.eq("dag", dag), is.eq("source", source), is.eq("outcome", "running")],
      orderBy: [["started_at", "desc"]],
    }),
  );
  return batches.flat();
});

/** The run that is at work, as far as the store tells; the table may not be there yet. */
export const atWork = (job: Job): Effect.Effect<RunRow | undefined, never, Sink.Sink> =>
  Effect.orElseSucceed(Effect.map(unended(job), (rows) => rows[0]), () => undefined);

/** For the run whose turn it is: notes that no other is at work, whatever the table says. */
export const recordKilled = Effect.fnUntraced(function* (job: Job) {
  const sink = yield* Sink.Sink;
  yield* Effect.gen(function* () {
    yield* sink.ensure(runs);
    const rows = yield* unended(job);
    const headline = "ended without a word: killed, or cut off from the store";
    yield* sink.upsert(runs, rows.map((row) => ({ ...row, outcome: "killed", headline })));
  }).pipe(Effect.catchCause(logUnlessInterrupted("runs that were killed could not be noted as such")));
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
