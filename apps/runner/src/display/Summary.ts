import { type RunSummary, Text } from "@candlewick/core";
import type { DagPlan } from "../run/PlanAll.ts";
import { type DagReport, type Outcome, outcomeOf, outcomeText, type RunReport } from "../run/Report.ts";
import { duration } from "./Format.ts";
import type { Look, Paint } from "./Style.ts";
import { alignedRows, type Cell } from "./Table.ts";

/** Failures listed one by one; the rest are counted. */
const LISTED = 20;

const looks: Readonly<Record<Outcome, Look>> = {
  done: "green",
  nothing: "green",
  partial: "yellow",
  skipped: "yellow",
  interrupted: "yellow",
  busy: "yellow",
  failed: "red",
  unauthorised: "red",
};

const indent = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line) => line === "" ? "" : `  ${line}`);

/** A table under its titles, aligned. */
export const table = (
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  paint: Paint,
): ReadonlyArray<string> => {
  const { header, lines } = alignedRows(columns, rows);
  return [paint("dim", header), ...lines];
};

const titled = ({ title, columns, rows }: RunSummary.SummaryTable, paint: Paint): ReadonlyArray<string> => [
  "",
  title,
  ...indent(table(columns, rows, paint)),
];

/** Counts one below the other, figures aligned. */
const countLines = (counts: Readonly<Record<string, number>>): ReadonlyArray<string> => {
  const entries = Object.entries(counts).map(([name, value]) => [name, Text.number(value)] as const);
  const names = Math.max(0, ...entries.map(([name]) => name.length));
  const figures = Math.max(0, ...entries.map(([, figure]) => figure.length));
  return entries.map(([name, figure]) => `${name.padEnd(names)}  ${figure.padStart(figures)}`);
};

const failureLines = (
  failures: ReadonlyArray<RunSummary.UnitFailure>,
  paint: Paint,
): ReadonlyArray<string> => {
  if (failures.length === 0) return [];
  const listed = failures.slice(0, LISTED);
  const width = Math.max(...listed.map(({ unit }) => unit.length));
  const more = failures.length - listed.length;
  return [
    "",
    `Failed (${Text.number(failures.length)})`,
    ...indent([
      ...listed.map(({ unit, message }) => `${paint("red", unit.padEnd(width))}  ${message}`),
      ...(more > 0 ? [`and ${Text.number(more)} more, named in the log file`] : []),
    ]),
  ];
};

/** One DAG's end, for people. */
export const renderReport = (report: DagReport, paint: Paint): ReadonlyArray<string> => {
  const outcome = outcomeOf(report);
  const title = `${paint("bold", report.dag)}: ${paint(looks[outcome], outcomeText[outcome])}` +
    (outcome === "skipped" ? "" : `, ${duration(report.millis)}`);
  if (!("summary" in report)) {
    return [title, ...indent([report.message, ...(report.hint === undefined ? [] : [report.hint])])];
  }
  const { headline, counts, tables, failures, notes } = report.summary;
  return [
    title,
    ...indent([
      headline,
      ...(Object.keys(counts).length === 0 ? [] : ["", ...countLines(counts)]),
      ...tables.flatMap((one) => titled(one, paint)),
      // What is missing stands in the tables of the DAG that looked.
      ...failureLines(failures.filter(({ reason }) => reason !== "Missing"), paint),
      ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `Note: ${note}`)]),
    ]),
  ];
};

/** `2 done, 1 failed`, in the order in which the outcomes first came. */
const tally = (reports: ReadonlyArray<DagReport>): string => {
  const counts = new Map<string, number>();
  for (const report of reports) {
    const outcome = outcomeText[outcomeOf(report)];
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return [...counts].map(([outcome, count]) => `${Text.number(count)} ${outcome}`).join(", ");
};

/** The end of a run: each DAG, then all of them together. */
export const renderRun = (run: RunReport, paint: Paint): ReadonlyArray<string> => [
  ...run.dags.flatMap((report) => ["", ...renderReport(report, paint)]),
  ...(run.dags.length < 2 ? [] : [
    "",
    ...table(
      ["DAG", "outcome", "time", "result"],
      run.dags.map((report) => [
        report.dag,
        outcomeText[outcomeOf(report)],
        duration(report.millis),
        "summary" in report ? report.summary.headline : report.message,
      ]),
      paint,
    ),
  ]),
  "",
  `${Text.count(run.dags.length, "DAG")} in ${duration(run.finishedAt - run.startedAt)}: ${tally(run.dags)}` +
  (run.log === undefined ? "" : `. Log: ${run.log}`),
];

/** What a run would do, for people. */
export const renderPlan = ({ dag, plan }: DagPlan, paint: Paint): ReadonlyArray<string> => [
  "",
  `${paint("bold", dag)}: dry run, nothing is fetched`,
  ...indent([
    plan.headline,
    ...(plan.requests === 0 ? [] : [
      `${Text.count(plan.requests, "request")}, about ${duration(plan.seconds * 1_000)} at the source's pace`,
    ]),
    ...plan.tables.flatMap((one) => titled(one, paint)),
    ...(plan.notes.length === 0 ? [] : ["", ...plan.notes.map((note) => `Note: ${note}`)]),
  ]),
];
