/**
 * Randomness of the invented market: hashes of 32-bit words, so that any value is a pure function of a seed
 * and an index and can be computed without the ones before it. Only integer operations and the four rules of
 * arithmetic are used, which every JavaScript engine computes alike.
 */

/** A seed or a hash: an unsigned 32-bit word. */
export type Word = number;

const avalanche = (word: number): Word => {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
};

/** The word at `index` of the stream that `seed` names. */
export const hash = (seed: Word, index: number): Word =>
  avalanche((seed + 0x9e3779b9) ^ Math.imul(index, 0x9e3779b1));

/** A seed for the stream called `label` below `seed`. */
export const substream = (seed: Word, label: string): Word => {
  let h = avalanche(seed ^ 0x811c9dc5);
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  return avalanche(h);
};

/** Uniform in [0, 1). */
export const fraction = (word: Word): number => word / 0x1_0000_0000;

/** Triangular in [-1, 1], standard deviation 0.408. */
export const bell = (word: Word): number => ((word & 0xffff) + (word >>> 16)) / 0xffff - 1;

/** Uniform integer in [low, high]. */
export const between = (word: Word, low: number, high: number): number =>
  low + Math.floor(fraction(word) * (high - low + 1));

/** One of `choices`, each as likely. */
export const pick = <A>(word: Word, choices: readonly [A, ...ReadonlyArray<A>]): A =>
  choices[between(word, 0, choices.length - 1)] ?? choices[0];
