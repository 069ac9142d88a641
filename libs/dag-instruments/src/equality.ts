import type { Attributes } from "./listing.ts";

/** Whether two descriptions are alike to the letter; quicker than by value, and `0.10` is not `0.1`. */
const sameWords = (left: Attributes, right: Attributes): boolean =>
  left.instrument_token === right.instrument_token &&
  left.exchange_token === right.exchange_token &&
  left.exchange === right.exchange &&
  left.instrument_type === right.instrument_type &&
  left.name === right.name &&
  left.expiry === right.expiry &&
  left.strike === right.strike &&
  left.tick_size === right.tick_size &&
  left.lot_size === right.lot_size;

type Held<A> = A | ReadonlyArray<A>;

/**
 * What the store and a dump say in the same words, taken away from both sides, so that only differences need
 * thought. Holds the current listings of the store, nothing of the dump.
 */
export class Equality<A extends Attributes> {
  /** By segment, then by symbol: maps of short texts are quicker than one of long ones. */
  private readonly held = new Map<string, Map<string, Held<A>>>();

  /** A current listing of the store. */
  hold(stored: A): void {
    let segment = this.held.get(stored.segment);
    if (segment === undefined) this.held.set(stored.segment, segment = new Map());
    const known = segment.get(stored.tradingsymbol);
    if (known === undefined) segment.set(stored.tradingsymbol, stored);
    else segment.set(stored.tradingsymbol, isList(known) ? [...known, stored] : [known, stored]);
  }

  /** Whether the store holds a listing in these very words that no other of the dump has taken. */
  take(incoming: Attributes): boolean {
    const segment = this.held.get(incoming.segment);
    const known = segment?.get(incoming.tradingsymbol);
    if (segment === undefined || known === undefined) return false;
    if (!isList(known)) return sameWords(known, incoming) && segment.delete(incoming.tradingsymbol);
    const equal = known.find((stored) => sameWords(stored, incoming));
    if (equal === undefined) return false;
    segment.set(incoming.tradingsymbol, known.filter((stored) => stored !== equal));
    return true;
  }

  /** Listings of the store that nothing took. */
  rest(): ReadonlyArray<A> {
    return [...this.held.values()].flatMap((segment) => [...segment.values()]).flatMap((held) =>
      isList(held) ? held : [held]
    );
  }
}

const isList = <A>(held: Held<A>): held is ReadonlyArray<A> => Array.isArray(held);
