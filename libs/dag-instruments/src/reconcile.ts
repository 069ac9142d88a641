import type { InstrumentHistoryRow, InstrumentRow } from "@candlewick/core";
import { isRelisting, isRename, isSameSymbolListing } from "./identity.ts";
import {
  type Attributes,
  formerState,
  newRow,
  nextRow,
  sameAttributes,
  symbolKey,
  tokenKey,
} from "./listing.ts";

/** What a dump changes in the store, ready to write. */
export interface Changes {
  /** Rows of the master, each new or changed. */
  readonly rows: ReadonlyArray<InstrumentRow>;
  /** Former states of the changed ones. */
  readonly history: ReadonlyArray<InstrumentHistoryRow>;
  readonly counts: {
    readonly inserted: number;
    /** Changed attributes, renames and returns among them. */
    readonly updated: number;
    readonly renamed: number;
    readonly relisted: number;
    readonly unchanged: number;
    readonly delisted: number;
  };
}

/**
 * Compares the listings of a dump, one by one, with those the store holds as current, and then settles what
 * neither side explains: renames, returns, new listings and delistings. Pure but for its own state; holds the
 * current listings and the differences, never the dump.
 */
export class Reconciler {
  private readonly now: number;
  private readonly bySymbol = new Map<string, Array<InstrumentRow>>();
  private readonly unseen = new Map<number, InstrumentRow>();
  private readonly unmatched: Array<Attributes> = [];
  private readonly rows: Array<InstrumentRow> = [];
  private readonly history: Array<InstrumentHistoryRow> = [];
  private unchanged = 0;
  private updated = 0;

  /** `now` dates every change, epoch ms. */
  constructor(now: number) {
    this.now = now;
  }

  /** A listing that the store holds and that is not delisted. */
  hold(row: InstrumentRow): void {
    const key = symbolKey(row);
    const others = this.bySymbol.get(key);
    if (others === undefined) this.bySymbol.set(key, [row]);
    else others.push(row);
    this.unseen.set(row.instrument_id, row);
  }

  /** A listing of the dump. */
  see(incoming: Attributes): void {
    const row = closest(
      (this.bySymbol.get(symbolKey(incoming)) ?? []).filter((one) =>
        this.unseen.has(one.instrument_id) && isSameSymbolListing(one, incoming)
      ),
      incoming,
    );
    if (row === undefined) this.unmatched.push(incoming);
    else this.match(row, incoming);
  }

  /** Listings of the dump that no current listing explains by its symbol. */
  get unexplained(): ReadonlyArray<Attributes> {
    return this.unmatched;
  }

  /**
   * Settles the rest. `delisted` are stored delisted listings with symbols of `unexplained`; `mark` names the
   * exchanges whose unseen listings are gone; `firstId` is the first free instrument id.
   */
  finish(
    options: {
      readonly delisted: ReadonlyArray<InstrumentRow>;
      readonly mark: ReadonlySet<string>;
      readonly firstId: number;
    },
  ): Changes {
    const afterRenames = this.settleRenames();
    const { strangers, relisted } = this.settleReturns(afterRenames.left, options.delisted);
    let id = options.firstId;
    for (const incoming of strangers) this.rows.push(newRow(id++, incoming, this.now));
    const delisted = this.settleDelistings(options.mark);
    return {
      rows: this.rows.sort((left, right) => left.instrument_id - right.instrument_id),
      history: this.history,
      counts: {
        inserted: strangers.length,
        updated: this.updated,
        renamed: afterRenames.renamed,
        relisted,
        unchanged: this.unchanged,
        delisted,
      },
    };
  }

  private match(row: InstrumentRow, incoming: Attributes): void {
    this.unseen.delete(row.instrument_id);
    if (sameAttributes(row, incoming) && row.delisted_at === null) {
      this.unchanged++;
    } else {
      this.updated++;
      this.history.push(formerState(row, this.now));
      this.rows.push(nextRow(row, incoming, this.now, false));
    }
  }

  /** A token explains a new symbol only when exactly one listing lost its symbol and one symbol is new. */
  private settleRenames(): { readonly left: ReadonlyArray<Attributes>; readonly renamed: number } {
    const lost = groupBy(this.unseen.values(), tokenKey);
    const found = groupBy(this.unmatched, tokenKey);
    let renamed = 0;
    const left = this.unmatched.filter((incoming) => {
      const key = tokenKey(incoming);
      const rows = lost.get(key) ?? [];
      const row = rows[0];
      if (rows.length !== 1 || found.get(key)!.length !== 1 || !isRename(row!, incoming)) return true;
      this.match(row!, incoming);
      renamed++;
      return false;
    });
    return { left, renamed };
  }

  private settleReturns(
    incoming: ReadonlyArray<Attributes>,
    delisted: ReadonlyArray<InstrumentRow>,
  ): { readonly strangers: ReadonlyArray<Attributes>; readonly relisted: number } {
    const bySymbol = groupBy(
      [...delisted].sort((left, right) => right.delisted_at! - left.delisted_at!),
      symbolKey,
    );
    const taken = new Set<number>();
    const strangers = incoming.filter((one) => {
      const row = (bySymbol.get(symbolKey(one)) ?? []).find((candidate) =>
        !taken.has(candidate.instrument_id) && isRelisting(candidate, one)
      );
      if (row === undefined) return true;
      taken.add(row.instrument_id);
      this.match(row, one);
      return false;
    });
    return { strangers, relisted: taken.size };
  }

  private settleDelistings(mark: ReadonlySet<string>): number {
    let delisted = 0;
    for (const row of this.unseen.values()) {
      if (!mark.has(row.exchange)) continue;
      this.history.push(formerState(row, this.now));
      this.rows.push(nextRow(row, row, this.now, true));
      delisted++;
    }
    return delisted;
  }
}

/** Of several listings that bear one symbol, the one that says most of what the incoming one says. */
const closest = (rows: ReadonlyArray<InstrumentRow>, incoming: Attributes): InstrumentRow | undefined =>
  rows.length <= 1 ? rows[0] : rows.find((row) => sameAttributes(row, incoming)) ??
    rows.find((row) =>
      row.instrument_token === incoming.instrument_token && row.expiry === incoming.expiry
    ) ??
    rows.find((row) => row.expiry === incoming.expiry) ??
    rows[0];

const groupBy = <A>(items: Iterable<A>, key: (item: A) => string): Map<string, Array<A>> => {
  const groups = new Map<string, Array<A>>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};
