import type { RunSummary } from "@candlewick/core";
import type { Attributes } from "./listing.ts";

/** Counts kept while a dump streams by. */
export class Tally {
  listings = 0;
  rejected = 0;
  /** Counts by exchange, then by instrument type. */
  private readonly byExchange = new Map<string, Map<string, number>>();
  /** Tokens by segment. */
  private readonly tokens = new Map<string, Set<Attributes["instrument_token"]>>();
  private readonly shared: Array<string> = [];

  add(listing: Attributes): void {
    this.listings++;
    const types = getOrAdd(this.byExchange, listing.exchange, () => new Map<string, number>());
    types.set(listing.instrument_type, (types.get(listing.instrument_type) ?? 0) + 1);
    const tokens = getOrAdd(this.tokens, listing.segment, () => new Set<Attributes["instrument_token"]>());
    if (tokens.has(listing.instrument_token)) {
      this.shared.push(`${listing.exchange}:${listing.tradingsymbol}`);
    } else tokens.add(listing.instrument_token);
  }

  /** Listings of an exchange in this dump. */
  of(exchange: string): number {
    return [...this.byExchange.get(exchange)?.values() ?? []].reduce((sum, count) => sum + count, 0);
  }

  get exchanges(): ReadonlyArray<string> {
    return [...this.byExchange.keys()].sort();
  }

  /** Listings whose token another listing of their segment bears too. */
  get clashes(): ReadonlyArray<string> {
    return this.shared;
  }

  /** Listings by exchange and instrument type, with a total. */
  table(): RunSummary.SummaryTable {
    const rows = [...this.byExchange]
      .flatMap(([exchange, types]) => [...types].map(([type, count]) => [exchange, type, count] as const))
      .sort((left, right) => left[0].localeCompare(right[0]) || left[1].localeCompare(right[1]));
    return {
      title: "Listings by exchange and instrument type",
      columns: ["exchange", "instrument_type", "listings"],
      rows: [...rows, ["total", "", this.listings]],
    };
  }
}

const getOrAdd = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};
