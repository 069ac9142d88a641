import { bell, hash, substream, type Word } from "../random.ts";
import { type Day, dayOf } from "../time.ts";

/** A price in rupees for any calendar day, without computing the days before it. */
export interface PricePath {
  readonly at: (day: Day) => number;
}

export interface Walk {
  readonly seed: Word;
  /** Roughly the price at the beginning of 2026. */
  readonly level: number;
  /** Growth factor of a block of 32 days, 1.008 is about 10% a year. */
  readonly growth: number;
  /** Standard deviation of a day's move, as a fraction of the price. */
  readonly volatility: number;
}

const BLOCK = 32;
const OCTAVES = 8;
const REFERENCE_BLOCK = Math.floor(dayOf(2026, 1, 1) / BLOCK);

const power = (base: number, exponent: number): number => {
  let result = 1;
  let square = exponent < 0 ? 1 / base : base;
  for (let rest = Math.abs(exponent); rest > 0; rest >>= 1) {
    if (rest & 1) result *= square;
    square *= square;
  }
  return result;
};

/**
 * A random walk that can be entered anywhere. Every 32nd day is an anchor: growth times eight octaves of value
 * noise, the slowest swinging over 22 years. Between two anchors runs a walk of daily steps, tilted so that
 * it meets both.
 */
export const walkPath = ({ seed, level, growth, volatility }: Walk): PricePath => {
  const octaves = Array.from({ length: OCTAVES }, (_, k) => ({
    shift: k,
    seed: substream(seed, `octave ${k}`),
    amplitude: Math.min(0.55, volatility * 8 * power(1.3, k)),
  }));
  const steps = substream(seed, "steps");
  const step = volatility * 2.1;

  const anchor = (block: number): number => {
    let value = level * power(growth, block - REFERENCE_BLOCK);
    for (const { shift, seed, amplitude } of octaves) {
      const left = block >> shift;
      const share = (block - (left << shift)) / (1 << shift);
      const noise = bell(hash(seed, left)) * (1 - share) + bell(hash(seed, left + 1)) * share;
      value *= 1 + amplitude * noise;
    }
    return value;
  };

  const prices = new Float64Array(BLOCK);
  let computed: number | undefined;

  const compute = (block: number) => {
    const start = anchor(block);
    const end = anchor(block + 1);
    let wander = 0;
    for (let j = 0; j < BLOCK; j++) {
      prices[j] = wander;
      wander += bell(hash(steps, block * BLOCK + j)) * step;
    }
    for (let j = 0; j < BLOCK; j++) {
      const share = j / BLOCK;
      const deviation = Math.max(-0.9, (prices[j] ?? 0) - wander * share);
      prices[j] = (start * (1 - share) + end * share) * (1 + deviation);
    }
    computed = block;
  };

  return {
    at: (day) => {
      const block = Math.floor(day / BLOCK);
      if (block !== computed) compute(block);
      return prices[day - block * BLOCK] ?? level;
    },
  };
};
