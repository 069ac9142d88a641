import { Completeness, type Interval, Listing } from "@candlewick/core";
import type { Assessment } from "./assess.ts";
import type { Changes } from "./changes.ts";

/** Percent of the expected sessions that are present, two decimals, never rounded up; `null` of nothing. */
export const shareOf = (present: number, expected: number | null): number | null =>
  expected === null || expected === 0 ? null : Math.floor(present / expected * 10_000) / 100;

export const missingOf = ({ holes }: Pick<Assessment, "holes">): ReadonlyArray<Completeness.Hole> =>
  holes.filter(({ reason }) => Completeness.isMissing(reason));

export const isComplete = (assessment: Pick<Assessment, "holes">): boolean =>
  missingOf(assessment).length === 0;

/** One series for `--json`; `docs/coverage.md` says what each field means. */
export const detailOf = (assessment: Assessment, interval: Interval.Interval, changes: Changes) => {
  const { expected, first, holes, last, present, subject, unexpected } = assessment;
  const { failure, listing } = subject;
  return {
    symbol: Listing.symbolOf(listing),
    instrumentId: listing.instrument_id,
    interval,
    expected,
    present,
    share: shareOf(present, expected),
    first,
    last,
    holes,
    unexpected,
    revisions: changes.revisions.get(listing.instrument_id) ?? 0,
    restatements: changes.restatements.get(listing.instrument_id) ?? 0,
    lastFailure: failure === undefined ? null : {
      reason: failure.reason,
      error: failure.message,
      tries: failure.tries,
      at: new Date(failure.failed_at).toISOString(),
    },
  };
};
