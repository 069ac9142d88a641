import type { Attributes } from "./listing.ts";

/** Stands between fields; in a field itself it would be refused by any store that keeps text. */
const SEPARATOR = "\0";

/** All that a dump says of a listing, as one text. */
const textOf = (one: Attributes): string =>
  [
    one.segment,
    one.tradingsymbol,
    one.instrument_token,
    one.exchange,
    one.exchange_token,
    one.instrument_type,
    one.name,
    one.expiry,
    one.strike,
    one.tick_size,
    one.lot_size,
  ].join(SEPARATOR);

/**
 * What the store and a dump say in the same words, taken away from both sides, so that only differences need
 * thought. Holds one text and one id for each listing of the store, nothing of the dump.
 */
export class Equality {
  private readonly ids = new Map<string, number | Array<number>>();

  /** A current listing of the store. */
  hold(id: number, stored: Attributes): void {
    const text = textOf(stored);
    const known = this.ids.get(text);
    if (known === undefined) this.ids.set(text, id);
    else if (typeof known === "number") this.ids.set(text, [known, id]);
    else known.push(id);
  }

  /** Whether the store holds a listing in these very words that no other of the dump has taken. */
  take(incoming: Attributes): boolean {
    const text = textOf(incoming);
    const known = this.ids.get(text);
    if (known === undefined) return false;
    if (typeof known === "number" || known.length === 1) this.ids.delete(text);
    else known.pop();
    return true;
  }

  /** Listings of the store that nothing took. */
  rest(): ReadonlyArray<number> {
    return [...this.ids.values()].flat();
  }
}
