import type { Attributes } from "./listing.ts";

/**
 * What the store and a dump say in the same words, taken away from both sides, so that only differences need
 * thought. Of a listing of the store it keeps the symbol, the id and a digest of the rest, of the dump nothing:
 * a hundred thousand whole rows would cost more time to keep than to compare.
 */
export class Equality {
  /** Places by segment, then by symbol. */
  private readonly places = new Map<string, Map<string, number>>();
  private readonly ids: Array<number> = [];
  private readonly digests: Array<number> = [];
  /** Symbols that several listings of a segment bear; all of them are left to be thought about. */
  private readonly shared: Array<number> = [];

  /** A current listing of the store. */
  hold(id: number, stored: Attributes): void {
    let segment = this.places.get(stored.segment);
    if (segment === undefined) this.places.set(stored.segment, segment = new Map());
    if (segment.has(stored.tradingsymbol)) {
      this.shared.push(id);
    } else {
      segment.set(stored.tradingsymbol, this.ids.length);
      this.ids.push(id);
      this.digests.push(digestOf(stored));
    }
  }

  /** Whether the store holds a listing in these very words that no other of the dump has taken. */
  take(incoming: Attributes): boolean {
    const segment = this.places.get(incoming.segment);
    const place = segment?.get(incoming.tradingsymbol);
    return segment !== undefined && place !== undefined && this.digests[place] === digestOf(incoming) &&
      segment.delete(incoming.tradingsymbol);
  }

  /** Listings of the store that nothing took. */
  rest(): ReadonlyArray<number> {
    return [...this.places.values()].flatMap((segment) =>
      [...segment.values()].map((place) => this.ids[place]!)
    )
      .concat(this.shared);
  }
}

/**
 * 52 bits over all but segment and symbol: a change goes unseen once in 10^15 changes. Two FNV-like sums, each
 * of 26 bits and a multiplier of its own.
 */
const digestOf = (one: Attributes): number => {
  low = 0x811c9dc5;
  high = 0x9dc5811c;
  add(typeof one.instrument_token === "number" ? String(one.instrument_token) : one.instrument_token);
  add(one.exchange);
  add(one.exchange_token);
  add(one.instrument_type);
  add(one.name);
  add(one.expiry);
  add(one.strike);
  add(one.tick_size);
  add(one.lot_size === null ? null : String(one.lot_size));
  return (low >>> 6) * 0x4000000 + (high >>> 6);
};

let low = 0;
let high = 0;

const add = (text: string | null): void => {
  const length = text === null ? -1 : text.length;
  let a = Math.imul(low ^ length, 0x01000193);
  let b = Math.imul(high ^ length, 0x85ebca6b);
  for (let at = 0; at < length; at++) {
    const code = text!.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  low = a;
  high = b;
};
