/**
 * One record that a vendor sent and Candlewick would not store as it is. It goes to the dataset
 * `rejected_records`; it never vanishes and never stops the rest.
 */
export interface Rejection {
  /** Why, in a few words that repeat from record to record: `high below low`, `price is not a number`. */
  readonly reason: string;
  /** The record as it came, as text. */
  readonly raw: string;
  /** Of a candle whose stamp could be read: its start, epoch ms. */
  readonly ts?: number;
}

/** A short stable digest of a raw record (53 bits, hex), so that the same rejection is stored once. */
export const digest = (raw: string): string => {
  // cyrb53: two 32-bit multiplicative hashes; not cryptographic, collisions only merge two rejections.
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return (4294967296 * (2097151 & h2) + (h1 >>> 0)).toString(16).padStart(14, "0");
};
