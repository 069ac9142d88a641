import { type Candle, Sink } from "@candlewick/core";

/** What was fetched and stored of one series. */
export interface Fetched {
  readonly requests: number;
  readonly counts: Sink.WriteCounts;
  readonly rejected: number;
  readonly provisional: number;
  /** Final candles that the vendor changed, and that were corrected. */
  readonly revised: number;
  /** Whether the vendor restated its history, so that it was fetched afresh; the factor where it is one. */
  readonly restated?: { readonly factor: string | null };
  /** Starts of candles on days that the calendar calls closed. */
  readonly unexpected: ReadonlyArray<number>;
  /** The ends of what was fetched, where there was a candle. */
  readonly first?: Candle.Candle;
  readonly last?: Candle.Candle;
}

export const nothingFetched: Fetched = {
  requests: 0,
  counts: Sink.noWrites,
  rejected: 0,
  provisional: 0,
  revised: 0,
  unexpected: [],
};

/** Adds an answer. Candles oldest first. */
export const tally = (
  fetched: Fetched,
  candles: ReadonlyArray<Candle.Candle>,
  rejected: number,
  judge: { readonly settled: number; readonly isUnexpected: (candle: Candle.Candle) => boolean },
): Fetched => {
  const unexpected: Array<number> = [];
  let provisional = 0;
  for (const candle of candles) {
    if (judge.isUnexpected(candle)) unexpected.push(candle.ts);
    if (candle.ts >= judge.settled) provisional++;
  }
  const [earliest] = candles;
  const latest = candles[candles.length - 1];
  const first = earliest === undefined || (fetched.first?.ts ?? Infinity) < earliest.ts
    ? fetched.first
    : earliest;
  const last = latest === undefined || (fetched.last?.ts ?? -Infinity) > latest.ts ? fetched.last : latest;
  return {
    ...fetched,
    rejected: fetched.rejected + rejected,
    provisional: fetched.provisional + provisional,
    unexpected: unexpected.length === 0 ? fetched.unexpected : [...fetched.unexpected, ...unexpected],
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
};
