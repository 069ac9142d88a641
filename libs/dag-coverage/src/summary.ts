import { type Completeness, Listing, type RunSummary, Text } from "@candlewick/core";
import { detailOf, isComplete, missingOf } from "./details.ts";
import { type Noted, notesOf } from "./notes.ts";
import { holes, instruments, missingSessions, worstFirst } from "./tables.ts";
import type { Assessment } from "./assess.ts";
import { holeText } from "./text.ts";

/** Holes of an instrument that its failure names. */
const NAMED = 4;

/** An instrument that lacks something, with its holes. */
const failureOf = (assessment: Assessment): RunSummary.UnitFailure => {
  const missing = missingOf(assessment);
  const more = missing.length - NAMED;
  return {
    unit: Listing.symbolOf(assessment.subject.listing),
    reason: "Missing",
    message: missing.slice(0, NAMED).map(holeText).join("; ") +
      (more > 0 ? `; and ${Text.count(more, "more hole")}` : ""),
  };
};

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, one) => total + one, 0);

/** Sessions in holes of one reason. */
const sessionsFor = (assessments: ReadonlyArray<Assessment>, wanted: Completeness.Reason): number =>
  sum(
    assessments.flatMap(({ holes }) =>
      holes.filter(({ reason }) => reason === wanted).map(({ sessions }) => sessions ?? 0)
    ),
  );

/** What the store has and lacks, for a person to check and for programs. */
export const summarize = (
  report: Noted & {
    /** What could not be looked at. */
    readonly failed: ReadonlyArray<RunSummary.UnitFailure>;
  },
): RunSummary.RunSummary => {
  const { assessments, changes, failed, interval } = report;
  const worst = worstFirst(assessments);
  const incomplete = worst.filter((one) => !isComplete(one));
  const missing = incomplete.flatMap(missingOf);
  const total = assessments.length + failed.length;
  const complete = assessments.length - incomplete.length;
  const expected = sum(assessments.map((one) => one.expected ?? 0));
  const present = sum(assessments.map((one) => one.expected === null ? 0 : one.present));
  const outcome = total === 0
    ? "nothing"
    : assessments.length === 0
    ? "failed"
    : incomplete.length + failed.length > 0
    ? "partial"
    : "done";
  const where = missing.every(({ sessions }) => sessions !== null) ? " on trading days" : "";
  const headline = total === 0
    ? `No candles at interval ${interval} were asked for yet: --dag=historic fetches them`
    : `${complete} of ${Text.count(total, "instrument")} complete at interval ${interval}` +
      (missing.length > 0 ? `: ${Text.count(missing.length, "hole")}${where}` : "");
  const shown = assessments.length === 0 ? [] : [instruments(assessments), holes(assessments)]
    .filter((one) => one !== undefined);
  return {
    outcome,
    headline,
    counts: {
      instruments: total,
      complete,
      expected,
      present,
      missing: sum(incomplete.map(missingSessions)),
      holes: missing.length,
      provisional: sessionsFor(assessments, "provisional"),
    },
    tables: shown.map(({ table }) => table),
    failures: [...failed, ...incomplete.map(failureOf)],
    notes: [...shown.flatMap(({ note }) => note === undefined ? [] : [note]), ...notesOf(report)],
    details: worst.map((one) => detailOf(one, interval, changes)),
  };
};
