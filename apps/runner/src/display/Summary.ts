import type { RunSummary } from "@candlewick/core";
import { duration, number } from "./Format.ts";
import { alignedRows, type Cell } from "./Table.ts";

/** How a DAG of a run ended. `skipped` and `failed` have a reason instead of a summary. */
export type DagReport =
  | {
    readonly dag: string;
    readonly millis: number;
    readonly summary: RunSummary.RunSummary;
  }
  | {
    readonly dag: string;
    readonly millis: number;
    readonly ended: "failed" | "skipped" | "unauthorised" | "interrupted";
    readonly message: string;
    readonly hint?: string;
  };

export const outcomeOf = (report: DagReport): string =>
  "summary" in report ? report.summary.outcome : report.ended;

/** Failures listed one by one; the rest are counted. */
const LISTED = 20;

/** A table with a rule under its titles. */
export const table = (
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
): ReadonlyArray<string> => {
  const { header, lines } = alignedRows(columns, rows);
  return [header, "-".repeat(Math.max(header.length, ...lines.map((line) => line.length))), ...lines];
};

const indent = (lines: ReadonlyArray<string>): ReadonlyArray<string> => lines.map((line) => `  ${line}`);

const counts = (all: Readonly<Record<string, number>>): string =>
  Object.entries(all).map(([name, value]) => `${name} ${number(value)}`).join(", ");

/** One DAG's end, for people. */
export const renderReport = (report: DagReport): ReadonlyArray<string> => {
  const title = `${report.dag}: ${outcomeOf(report)} after ${duration(report.millis)}`;
  if (!("summary" in report)) {
    return [title, ...indent([report.message, ...(report.hint === undefined ? [] : [report.hint])])];
  }
  const { headline, tables, failures, notes } = report.summary;
  return [
    title,
    ...indent([
      headline,
      ...tables.flatMap((one) => ["", `${one.title}:`, ...table(one.columns, one.rows)]),
      ...(failures.length === 0 ? [] : ["", "Failed:", ...indent(failureLines(failures))]),
      ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `Note: ${note}`)]),
      "",
      `Counts: ${counts(report.summary.counts)}`,
    ]),
  ];
};

const failureLines = (failures: ReadonlyArray<RunSummary.UnitFailure>): ReadonlyArray<string> => [
  ...failures.slice(0, LISTED).map((failure) => `${failure.unit}: ${failure.message}`),
  ...(failures.length > LISTED
    ? [`and ${number(failures.length - LISTED)} more; the log file names all`]
    : []),
];

/** The end of a run of several DAGs. */
export const renderOverall = (reports: ReadonlyArray<DagReport>, millis: number): ReadonlyArray<string> =>
  reports.length < 2 ? [] : [
    "",
    `All in ${duration(millis)}:`,
    ...indent(table(
      ["DAG", "outcome", "duration", "result"],
      reports.map((report) => [
        report.dag,
        outcomeOf(report),
        duration(report.millis),
        "summary" in report ? report.summary.headline : report.message,
      ]),
    )),
  ];

/** What a run would do, for people. */
export const renderPlan = (dag: string, plan: RunSummary.RunPlan): ReadonlyArray<string> => [
  `${dag}: dry run, nothing is fetched`,
  ...indent([
    plan.headline,
    ...(plan.requests === 0
      ? []
      : [`${number(plan.requests)} requests, about ${duration(plan.seconds * 1_000)} at the source's pace`]),
    ...plan.tables.flatMap((one) => ["", `${one.title}:`, ...table(one.columns, one.rows)]),
    ...plan.notes.map((note) => `Note: ${note}`),
  ]),
];
