import { Listing, type RunSummary, type Source, Text } from "@candlewick/core";
import type { Dumps } from "./decision.ts";
import type { DerivationRow } from "./datasets.ts";
import type { Derived } from "./derive.ts";
import { detailsOf } from "./details.ts";
import { overallOf } from "./distribution.ts";
import { clockText } from "./freshness.ts";
import { notesOf } from "./notes.ts";
import { strikesTable, tokensTable, unmappedTable } from "./tables.ts";

type Info = Pick<Source.SourceInfo, "id" | "timeZone">;

/** A run that found today's tokens stored. */
export const nothingToDo = (
  info: Info,
  { dump }: Dumps,
  derivation: DerivationRow,
  notes: ReadonlyArray<string>,
): RunSummary.RunSummary => ({
  outcome: "nothing",
  headline: nothingHeadline(info, dump.fetchedAt),
  counts: {
    futures: derivation.futures,
    equities: derivation.equities,
    options: derivation.options,
    unmapped: derivation.unmapped,
  },
  tables: [],
  failures: [],
  notes,
});

export const nothingHeadline = (info: Info, fetchedAt: number): string =>
  `Nothing to do: the tokens of the instrument master fetched ${
    clockText(fetchedAt, info)
  } are stored; --force renews them`;

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, one) => total + one, 0);

/** What a derivation made, for a person to check and for programs. */
export const summarize = (
  exchange: string,
  dumps: Dumps,
  derived: Derived,
  notes: ReadonlyArray<string>,
): RunSummary.RunSummary => {
  const { distributions, equities, expiry, futures, options, written } = derived;
  const { leftOut, mapped, others, undecided, unmapped } = futures;
  const overall = overallOf(distributions.map(({ distribution }) => distribution));
  const of = mapped.length + unmapped.length;
  return {
    outcome: written === undefined ? "failed" : unmapped.length > 0 ? "partial" : "done",
    headline: written === undefined
      ? `None of the ${
        of + undecided.length
      } futures on stocks that expire on ${expiry} could be mapped to an ` +
        "equity: nothing was stored"
      : `${mapped.length} of ${Text.count(of, "stock future")} of ${expiry} mapped to ${
        Text.count(equities, "equity", "equities")
      }, with ${Text.count(options.taken.length, "option")}`,
    counts: {
      futures: mapped.length,
      equities,
      options: options.taken.length,
      unmapped: unmapped.length,
      undecided: undecided.length,
      leftOut: sum(leftOut.byExpiry.values()) + leftOut.tests,
      others,
      rejected: options.rejected.length,
      optionsUnmapped: sum(options.unmapped.values()),
      optionsUndecided: sum(options.undecided.values()),
      inserted: written?.inserted ?? 0,
      updated: written?.updated ?? 0,
      unchanged: written?.unchanged ?? 0,
      deleted: written?.deleted ?? 0,
    },
    tables: [
      tokensTable(derived),
      ...(distributions.length === 0 ? [] : [strikesTable(overall)]),
      ...(unmapped.length === 0 ? [] : [unmappedTable(unmapped)]),
    ],
    failures: unmapped.map(({ future, reason }) => ({
      unit: Listing.symbolOf(future),
      reason: "Missing" as const,
      message: reason,
    })),
    notes: [...notes, ...notesOf(exchange, derived, dumps)],
    details: detailsOf(derived, overall),
  };
};
