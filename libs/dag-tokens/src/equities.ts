import { Decimal, type Source } from "@candlewick/core";
import type { Listed } from "./listing.ts";

/** What the cash exchange has under a name. */
export type Found =
  | {
    readonly _tag: "Equity";
    readonly equity: Listed;
    /** What is unusual about it, where something is. */
    readonly note?: string;
  }
  | { readonly _tag: "Several"; readonly candidates: ReadonlyArray<Listed> }
  | {
    readonly _tag: "None";
    /** Listings of that name that are no shares: bonds, warrants, rights. */
    readonly others: ReadonlyArray<Listed>;
  };

/**
 * Series of the NSE in which shares trade: normal; trade for trade, for surveillance and for non-compliance; of small
 * companies. The first that there is counts. Symbols bear the series after a hyphen, `RELIANCE-EQ`; Kite leaves `-EQ`
 * out.
 */
const SHARE_SERIES = ["EQ", "BE", "BZ", "SM", "ST"];

const SERIES = /^(.+)-([A-Z0-9]{2})$/;

/** Rank of a listing that has the name but another symbol, behind all series. */
const BY_NAME_ALONE = SHARE_SERIES.length;

/** How well a listing stands for the shares of a name, 0 best; `undefined` when it is no share. */
const rankOf = (listing: Listed, name: string): number | undefined => {
  if (listing.tradingsymbol === name) return 0;
  const series = SERIES.exec(listing.tradingsymbol)?.[2];
  if (series === undefined) return BY_NAME_ALONE;
  const rank = SHARE_SERIES.indexOf(series);
  return rank < 0 ? undefined : rank;
};

const noteOf = (rank: number, { tradingsymbol }: Listed): string | undefined =>
  rank === 0
    ? undefined
    : rank === BY_NAME_ALONE
    ? `found by its name alone, its symbol is ${tradingsymbol}`
    : `not in series EQ, taken from ${SHARE_SERIES[rank]}`;

const isZero = (decimal: Decimal.Decimal | null): boolean => decimal === null || Decimal.equals(decimal, "0");

/**
 * Whether a listing of the cash exchange is an index: the vendor's segments say so, or it has no tick size, for it
 * cannot be traded. Measured: in all dumps seen every index has the tick size 0, and nothing else has.
 */
export const isIndex = (
  { segment, tick_size: tick }: Pick<Listed, "segment" | "tick_size">,
  underlyings: Source.SourceInfo["underlyings"] = {},
): boolean => underlyings[segment] === "index" || isZero(tick);

/** The listings of a cash exchange, found by name. */
export interface Equities {
  readonly find: (name: string) => Found;
  /** Whether an index bears the name or symbol. */
  readonly hasIndex: (name: string) => boolean;
}

/** Names under which a listing may be looked for. */
const namesOf = ({ name, tradingsymbol }: Listed): ReadonlySet<string> =>
  new Set([
    tradingsymbol,
    SERIES.exec(tradingsymbol)?.[1] ?? tradingsymbol,
    ...(name === null || name.trim() === "" ? [] : [name.trim()]),
  ]);

/** Makes the listings of a cash exchange findable by name; what expires is left out. */
export const equitiesOf = (
  listings: ReadonlyArray<Listed>,
  underlyings?: Source.SourceInfo["underlyings"],
): Equities => {
  const shares = new Map<string, Array<Listed>>();
  const indices = new Set<string>();
  for (const listing of listings) {
    if (listing.expiry !== null) continue;
    const isOfIndex = isIndex(listing, underlyings);
    for (const name of namesOf(listing)) {
      if (isOfIndex) indices.add(name);
      else if (shares.has(name)) shares.get(name)!.push(listing);
      else shares.set(name, [listing]);
    }
  }
  return {
    hasIndex: (name) => indices.has(name),
    find: (name) => {
      const found = shares.get(name) ?? [];
      const ranked = Map.groupBy(found, (listing) => rankOf(listing, name));
      const best = Math.min(...[...ranked.keys()].filter((rank) => rank !== undefined));
      const candidates = ranked.get(best) ?? [];
      const [equity] = candidates;
      if (equity === undefined) return { _tag: "None", others: found };
      if (candidates.length > 1) return { _tag: "Several", candidates };
      const note = noteOf(best, equity);
      return { _tag: "Equity", equity, ...(note === undefined ? {} : { note }) };
    },
  };
};
