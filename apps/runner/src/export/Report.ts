import { Completeness, type RunSummary, Text } from "@candlewick/core";
import { sizeText } from "../display/Format.ts";
import type { Paint } from "../display/Style.ts";
import { ExitCode } from "../Refusal.ts";

/** One series as it went into the file. */
export interface ExportedSeries {
  readonly symbol: string;
  readonly instrumentId: number;
  readonly rows: number;
  /** What of the days asked for is not in the store. */
  readonly missing: ReadonlyArray<Completeness.Hole>;
}

/** What was written. Instants in epoch ms. */
export interface ExportReport {
  readonly path: string;
  readonly format: string;
  readonly interval: string;
  readonly rows: number;
  readonly bytes: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** First and last day with a candle, in the market's zone. */
  readonly days: readonly [first: string, last: string] | undefined;
  readonly series: ReadonlyArray<ExportedSeries>;
  /** Symbols that the store does not know. */
  readonly failures: ReadonlyArray<RunSummary.UnitFailure>;
  readonly source: string;
  readonly sink: string;
  readonly location: string;
  readonly isSandbox: boolean;
}

/** Instruments, and holes of one, that are named. */
const NAMED = 10;
const HOLES = 3;

const holeText = (hole: Completeness.Hole): string =>
  `${hole.from === hole.to ? hole.from : `${hole.from} to ${hole.to}`} ${hole.reason}`;

const missingText = ({ missing, symbol }: ExportedSeries): string => {
  const count = missing.reduce((sum, hole) => sum + Completeness.sizeOf(hole), 0);
  const what = missing.every(({ sessions }) => sessions !== null) ? "session" : "day";
  const named = missing.slice(0, HOLES).map(holeText);
  const more = missing.length - HOLES;
  return `${symbol}: ${Text.count(count, what)} missing: ${named.join("; ")}${
    more > 0 ? `; and ${Text.count(more, "more hole")}` : ""
  }`;
};

const incomplete = ({ series }: ExportReport) => series.filter(({ missing }) => missing.length > 0);

/** What of what was asked for is not in the file, a line each. */
export const warnings = (report: ExportReport): ReadonlyArray<string> => {
  const lacking = incomplete(report);
  const without = report.series.filter(({ missing, rows }) => rows === 0 && missing.length === 0);
  const more = lacking.length - NAMED;
  const option = report.interval === "day" ? "" : ` --interval=${report.interval}`;
  return [
    ...report.failures.map(({ message }) => message),
    ...(without.length === 0 ? [] : [
      `no candle in the days asked for: ${Text.named(without.map(({ symbol }) => symbol), NAMED)}`,
    ]),
    ...lacking.slice(0, NAMED).map(missingText),
    ...(more > 0 ? [`and ${Text.count(more, "more instrument")} of which something is missing`] : []),
    ...(lacking.length === 0 ? [] : [
      `nx run runner:coverage${option} shows what is missing, why, and what fetches it`,
    ]),
  ];
};

export const renderExport = (report: ExportReport, paint: Paint): ReadonlyArray<string> => {
  const span = report.days === undefined ? "" : `, ${report.days[0]} to ${report.days[1]}`;
  return [
    `${paint("green", "Wrote")} ${Text.count(report.rows, "candle")} of ${
      Text.count(report.series.filter(({ rows }) => rows > 0).length, "instrument")
    } at interval ${report.interval}${span}, ${sizeText(report.bytes)}: ${report.path}`,
    ...warnings(report).map((line) => `${paint("yellow", "warning:")} ${line}`),
  ];
};

/** Symbols that are not there are failed units; what is missing of the others is told and is no failure. */
export const exitCodeOf = ({ failures }: Pick<ExportReport, "failures">): ExitCode =>
  failures.length > 0 ? ExitCode.partial : ExitCode.done;

const iso = (millis: number | undefined): string | null =>
  millis === undefined ? null : new Date(millis).toISOString();

/** For `--json`: one plain object. */
export const asJson = (report: ExportReport) => ({
  exitCode: exitCodeOf(report),
  path: report.path,
  format: report.format,
  interval: report.interval,
  rows: report.rows,
  bytes: report.bytes,
  first: iso(report.first),
  last: iso(report.last),
  source: report.source,
  sandbox: report.isSandbox,
  sink: report.sink,
  location: report.location,
  isComplete: report.failures.length === 0 && incomplete(report).length === 0,
  series: report.series,
  failures: report.failures,
});
