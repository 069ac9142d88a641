import { Completeness, Listing, type RunSummary, Text } from "@candlewick/core";
import type { Assessment } from "./assess.ts";
import { missingOf, shareOf } from "./details.ts";
import { reasonText } from "./text.ts";

/** Most lines of a table. */
const ROWS = 40;

/** A table, and what it does not show. */
export interface Shown {
  readonly table: RunSummary.SummaryTable;
  readonly note?: string;
}

export const missingSessions = (assessment: Assessment): number =>
  missingOf(assessment).reduce((sum, hole) => sum + Completeness.sizeOf(hole), 0);

/** `99.63%`; `100%` only when nothing is missing. */
export const shareText = (share: number | null): string =>
  share === null ? "-" : share === 100 ? "100%" : `${share.toFixed(2)}%`;

const symbolOf = ({ subject }: Assessment): string => Listing.symbolOf(subject.listing);

/** Those that lack most first. */
export const worstFirst = (assessments: ReadonlyArray<Assessment>): ReadonlyArray<Assessment> =>
  assessments
    .map((assessment) => ({ assessment, missing: missingSessions(assessment), symbol: symbolOf(assessment) }))
    .sort((left, right) =>
      right.missing - left.missing ||
      (left.symbol < right.symbol ? -1 : left.symbol > right.symbol ? 1 : 0) ||
      left.assessment.subject.listing.instrument_id - right.assessment.subject.listing.instrument_id
    )
    .map(({ assessment }) => assessment);

/** An instrument a line. */
export const instruments = (assessments: ReadonlyArray<Assessment>): Shown => {
  const rows = worstFirst(assessments);
  const hidden = rows.slice(ROWS);
  const incomplete = hidden.filter((one) => missingOf(one).length > 0).length;
  return {
    table: {
      title: rows.length > ROWS ? `Instruments (${ROWS} of ${rows.length}, worst first)` : "Instruments",
      columns: ["instrument", "present", "expected", "share", "first", "last", "missing"],
      rows: rows.slice(0, ROWS).map((one) => [
        symbolOf(one),
        one.present,
        one.expected ?? "-",
        shareText(shareOf(one.present, one.expected)),
        one.first ?? "-",
        one.last ?? "-",
        missingSessions(one),
      ]),
    },
    ...(hidden.length === 0 ? {} : {
      note: `${Text.count(hidden.length, "instrument")} not shown, ${
        incomplete === 0 ? "all complete" : `${incomplete} of them incomplete`
      }: --json has all`,
    }),
  };
};

/** The same hole of one instrument or many. */
interface Shared {
  readonly hole: Completeness.Hole;
  readonly symbols: ReadonlyArray<string>;
}

const sharedHoles = (assessments: ReadonlyArray<Assessment>): ReadonlyArray<Shared> => {
  const byHole = new Map<string, { readonly hole: Completeness.Hole; readonly symbols: Array<string> }>();
  for (const assessment of worstFirst(assessments)) {
    for (const hole of assessment.holes) {
      const key = JSON.stringify(hole);
      const shared = byHole.get(key) ?? { hole, symbols: [] };
      shared.symbols.push(symbolOf(assessment));
      byHole.set(key, shared);
    }
  }
  const isMissing = ({ hole }: Shared) => Completeness.isMissing(hole.reason);
  const all = [...byHole.values()];
  return [...all.filter(isMissing), ...all.filter((shared) => !isMissing(shared))];
};

/** Symbols of one line: two at most, else how many. */
const whose = (symbols: ReadonlyArray<string>): string =>
  symbols.length <= 2 ? symbols.join(", ") : `${symbols.length} instruments`;

/** Errors are told in full by `--json`; a table is for looking over. */
const REASON_WIDTH = 70;

/** Holes, missing ones first; a line for those that instruments share. Nothing where there is none. */
export const holes = (assessments: ReadonlyArray<Assessment>): Shown | undefined => {
  const rows = sharedHoles(assessments);
  if (rows.length === 0) return undefined;
  const clip = (text: string) => text.length <= REASON_WIDTH ? text : `${text.slice(0, REASON_WIDTH - 1)}…`;
  const hidden = rows.slice(ROWS);
  const missing = hidden.filter(({ hole }) => Completeness.isMissing(hole.reason)).length;
  return {
    table: {
      title: rows.length > ROWS ? `Holes (${ROWS} of ${rows.length}, missing ones first)` : "Holes",
      columns: ["instrument", "from", "to", "sessions", "reason"],
      rows: rows.slice(0, ROWS).map(({ hole, symbols }) => [
        whose(symbols),
        hole.from,
        hole.to,
        hole.sessions ?? "-",
        clip(reasonText(hole)),
      ]),
    },
    ...(hidden.length === 0 ? {} : {
      note: `${Text.count(hidden.length, "hole")} not shown, ${
        missing === 0 ? "none of them missing" : `${missing} of them missing`
      }: --json has all`,
    }),
  };
};
