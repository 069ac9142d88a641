import type { DagReport } from "../display/Summary.ts";
import { outcomeOf } from "../display/Summary.ts";
import { ExitCode } from "../Refusal.ts";

/** Whether a DAG's end lets those after it run: some missing units do not stop them. */
export const letsOthersRun = (report: DagReport): boolean =>
  ["done", "nothing", "partial"].includes(outcomeOf(report));

/** The DAG of this run because of which another cannot run, if any. */
export const obstacle = (
  after: ReadonlyArray<string>,
  reports: ReadonlyArray<DagReport>,
): DagReport | undefined => reports.find((report) => after.includes(report.dag) && !letsOthersRun(report));

const codes: Readonly<Record<string, ExitCode>> = {
  done: ExitCode.done,
  nothing: ExitCode.done,
  partial: ExitCode.partial,
  failed: ExitCode.failed,
  skipped: ExitCode.failed,
  unauthorised: ExitCode.unauthorised,
  interrupted: ExitCode.interrupted,
};

/** Worst first. */
const severity: ReadonlyArray<ExitCode> = [
  ExitCode.interrupted,
  ExitCode.unauthorised,
  ExitCode.failed,
  ExitCode.partial,
];

/** One exit code for all DAGs: the worst of theirs. */
export const exitCodeOf = (reports: ReadonlyArray<DagReport>): ExitCode => {
  const all = reports.map((report) => codes[outcomeOf(report)] ?? ExitCode.failed);
  return severity.find((code) => all.includes(code)) ?? ExitCode.done;
};
