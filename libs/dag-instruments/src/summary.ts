import { type RunSummary, Text } from "@candlewick/core";
import type { Imported } from "./import.ts";

const clashNote = (clashes: ReadonlyArray<string>): string =>
  `${Text.number(clashes.length)} listings share their token with another of their segment: ${
    Text.named(clashes)
  }`;

/** What an import did, for a person to check. */
export const summarize = (imported: Imported): RunSummary.RunSummary => {
  const { tally, inserted, updated, unchanged, delisted, rejected, renamed, relisted } = imported;
  const written = inserted + updated + delisted;
  const parts = [
    [inserted, "new"],
    [updated, "changed"],
    [unchanged, "unchanged"],
    [delisted, "delisted"],
    [rejected, "rejected"],
  ] as const;
  const headline = `${Text.number(tally.listings)} listings fetched: ` +
    parts.filter(([count, what]) => count > 0 || what === "new").map(([count, what]) =>
      `${Text.number(count)} ${what}`
    ).join(", ");
  return {
    outcome: written === 0 ? "nothing" : "done",
    headline,
    counts: { fetched: tally.listings, inserted, updated, unchanged, delisted, rejected, renamed, relisted },
    tables: [tally.table()],
    failures: [],
    notes: [
      ...imported.warnings,
      ...(tally.clashes.length > 0 ? [clashNote(tally.clashes)] : []),
      ...(rejected > 0 ? ["Rejected records stand in the table rejected_records, with the reason"] : []),
    ],
  };
};
