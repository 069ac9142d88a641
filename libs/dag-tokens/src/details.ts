import { Listing } from "@candlewick/core";
import type { Derived } from "./derive.ts";
import type { Overall } from "./distribution.ts";
import type { Unmapped } from "./futures.ts";

const contract = ({ future, reason, underlying }: Unmapped, kind: "unmapped" | "undecided") => ({
  kind,
  symbol: Listing.symbolOf(future),
  instrumentId: future.instrument_id,
  underlying: underlying ?? null,
  reason,
});

/** All that a run found, for `--json`; `docs/tokens.md` says what each field means. */
export const detailsOf = (
  { distributions, expiry, futures, options }: Derived,
  overall: Overall,
): ReadonlyArray<object> => [
  { kind: "strikes of all", expiry, ...overall },
  ...distributions.map(({ distribution, of }) => ({
    kind: "strikes",
    underlying: of.underlying,
    equityId: of.equity.instrument_id,
    futuresId: of.future.instrument_id,
    ...distribution,
  })),
  ...futures.mapped.flatMap(({ equity, future, note }) =>
    note === undefined
      ? []
      : [{ kind: "noted", symbol: Listing.symbolOf(future), equity: Listing.symbolOf(equity), note }]
  ),
  ...futures.unmapped.map((one) => contract(one, "unmapped")),
  ...futures.undecided.map((one) => contract(one, "undecided")),
  ...options.rejected.map(({ option, reason }) => ({
    kind: "rejected",
    symbol: Listing.symbolOf(option),
    strike: option.strike,
    reason,
  })),
  ...[...options.unmapped].map(([underlying, count]) => ({ kind: "options unmapped", underlying, count })),
  ...[...options.undecided].map(([underlying, count]) => ({ kind: "options undecided", underlying, count })),
  {
    kind: "left out",
    byExpiry: Object.fromEntries(futures.leftOut.byExpiry),
    tests: futures.leftOut.tests,
    others: futures.others,
  },
];
