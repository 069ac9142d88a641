import { type DagReport, outcomeOf } from "./Report.ts";

/** Whether a DAG's end lets those after it run: some missing units do not stop them. */
export const letsOthersRun = (report: DagReport): boolean =>
  ["done", "nothing", "partial"].includes(outcomeOf(report));

/**
 * Why a DAG cannot run after what happened before it, if it cannot: one that it comes after did not succeed, the
 * run was stopped, or a failure that it would share.
 */
export const obstacle = (
  after: ReadonlyArray<string>,
  reports: ReadonlyArray<DagReport>,
): string | undefined => {
  const before = reports.find((report) => after.includes(report.dag) && !letsOthersRun(report));
  if (before !== undefined) {
    return outcomeOf(before) === "busy"
      ? `not run, because another run of ${before.dag} is at work`
      : `not run, because ${before.dag} did not succeed`;
  }
  const ending = reports.find((report) => "ended" in report && report.isFatal === true);
  if (ending === undefined) return undefined;
  return outcomeOf(ending) === "interrupted"
    ? "not run, because the run was stopped"
    : `not run, because it would fail as ${ending.dag} did`;
};
