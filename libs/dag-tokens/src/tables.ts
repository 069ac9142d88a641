import { Listing, type RunSummary } from "@candlewick/core";
import type { Derived } from "./derive.ts";
import type { Overall } from "./distribution.ts";
import type { Unmapped } from "./futures.ts";

/** Most lines of a table; `--json` has all. */
const ROWS = 40;

export const tokensTable = ({ equities, expiry, futures, options }: Derived): RunSummary.SummaryTable => ({
  title: "Tokens",
  columns: ["token_type", "expiry", "tokens"],
  rows: [
    ["FUTURES", expiry, futures.mapped.length],
    ["EQUITY", "-", equities],
    ["OPTIONS", expiry, options.taken.length],
  ],
});

export const strikesTable = (overall: Overall): RunSummary.SummaryTable => ({
  title: "Strikes",
  columns: ["underlyings", "calls", "puts", "fewest", "median", "most", "with gaps", "with lone strikes"],
  rows: [[
    overall.underlyings,
    overall.calls,
    overall.puts,
    overall.fewest,
    overall.median,
    overall.most,
    overall.withGaps,
    overall.withLoneStrikes,
  ]],
});

export const unmappedTable = (unmapped: ReadonlyArray<Unmapped>): RunSummary.SummaryTable => ({
  title: unmapped.length > ROWS ? `Unmapped futures (${ROWS} of ${unmapped.length})` : "Unmapped futures",
  columns: ["future", "reason"],
  rows: unmapped.slice(0, ROWS).map(({ future, reason }) => [Listing.symbolOf(future), reason]),
});
