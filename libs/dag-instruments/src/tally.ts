import type { RunSummary } from "@candlewick/core";
import { type Attributes, tokenKey } from "./listing.ts";

/** Counts kept while a dump streams by. */
export class Tally {
  listings = 0;
  rejected = 0;
  private readonly byExchange = new Map<string, number>();
  private readonly byCategory = new Map<string, number>();
  private readonly tokens = new Set<string>();
  private readonly shared: Array<string> = [];

  add(listing: Attributes): void {
    this.listings++;
    increment(this.byExchange, listing.exchange);
    increment(this.byCategory, `${listing.exchange}\n${listing.instrument_type}`);
    const token = tokenKey(listing);
    if (this.tokens.has(token)) this.shared.push(`${listing.exchange}:${listing.tradingsymbol}`);
    else this.tokens.add(token);
  }

  /** Listings of an exchange in this dump. */
  of(exchange: string): number {
    return this.byExchange.get(exchange) ?? 0;
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
    const rows = [...this.byCategory]
      .map(([key, count]) => [...key.split("\n"), count] as [string, string, number])
      .sort((left, right) => left[0].localeCompare(right[0]) || left[1].localeCompare(right[1]));
    return {
      title: "Listings by exchange and instrument type",
      columns: ["exchange", "instrument_type", "listings"],
      rows: [...rows, ["total", "", this.listings]],
    };
  }
}

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
