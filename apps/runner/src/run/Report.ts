import type { RunSummary } from "@candlewick/core";
import { ExitCode } from "../Refusal.ts";

/** How a DAG of a run ended: with a summary, or with the reason why it has none. Times in milliseconds. */
export type DagReport =
  | { readonly dag: string; readonly millis: number; readonly summary: RunSummary.RunSummary }
  | {
    readonly dag: string;
    readonly millis: number;
    readonly ended: "failed" | "skipped" | "unauthorised" | "interrupted" | "busy";
    readonly message: string;
    /** What the user can do about it. */
    readonly hint?: string;
    /** Every DAG after this one would end the same way. */
    readonly isFatal?: boolean;
  };

export type Outcome = RunSummary.RunSummary["outcome"] | "skipped" | "unauthorised" | "interrupted" | "busy";

export const outcomeOf = (report: DagReport): Outcome =>
  "summary" in report ? report.summary.outcome : report.ended;

/** An outcome in a person's words. */
export const outcomeText: Readonly<Record<Outcome, string>> = {
  done: "done",
  nothing: "nothing to do",
  partial: "done in part",
  failed: "failed",
  skipped: "skipped",
  unauthorised: "not authorised",
  interrupted: "interrupted",
  busy: "left to another run",
};

/** A run as a whole. Times are epoch milliseconds. */
export interface RunReport {
  readonly runId: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly source: string;
  /** What the pretend market is, when it was one. */
  readonly sandbox?: string;
  readonly sink: string;
  readonly location: string;
  readonly log?: string;
  readonly dags: ReadonlyArray<DagReport>;
}

const codes: Readonly<Record<Outcome, ExitCode>> = {
  done: ExitCode.done,
  nothing: ExitCode.done,
  partial: ExitCode.partial,
  failed: ExitCode.failed,
  skipped: ExitCode.failed,
  unauthorised: ExitCode.unauthorised,
  interrupted: ExitCode.interrupted,
  busy: ExitCode.busy,
};

/** Worst first. What is skipped is so because of another's end, which says more. */
const severity: ReadonlyArray<Outcome> = [
  "interrupted",
  "unauthorised",
  "failed",
  "busy",
  "skipped",
  "partial",
];

/** One exit code for all DAGs: the worst of theirs. */
export const exitCodeOf = (reports: ReadonlyArray<DagReport>): ExitCode => {
  const all = reports.map(outcomeOf);
  const worst = severity.find((outcome) => all.includes(outcome));
  return worst === undefined ? ExitCode.done : codes[worst];
};

/** A run for `--json`: one plain object. */
export const asJson = (run: RunReport) => ({
  runId: run.runId,
  exitCode: exitCodeOf(run.dags),
  startedAt: new Date(run.startedAt).toISOString(),
  finishedAt: new Date(run.finishedAt).toISOString(),
  seconds: (run.finishedAt - run.startedAt) / 1_000,
  source: run.source,
  sandbox: run.sandbox ?? null,
  sink: run.sink,
  location: run.location,
  log: run.log ?? null,
  dags: run.dags.map((report) => ({
    dag: report.dag,
    outcome: outcomeOf(report),
    seconds: report.millis / 1_000,
    ...("summary" in report
      ? { ...report.summary }
      : { headline: report.message, ...(report.hint === undefined ? {} : { hint: report.hint }) }),
  })),
});
