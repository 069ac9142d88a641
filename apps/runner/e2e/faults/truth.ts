import { type CandleRow, type CoverageRow } from "@candlewick/core";
import type { Contents } from "./store.ts";

/** A candle without the time it was fetched. */
const spelled = ({ fetched_at: _, ...candle }: CandleRow): string => JSON.stringify(candle);
const range = ({ fetched_at: _, ...covered }: CoverageRow): string => JSON.stringify(covered);

const covers = (coverage: ReadonlyArray<CoverageRow>, candle: CandleRow): boolean =>
  coverage.some((one) =>
    one.instrument_id === candle.instrument_id && one.interval === candle.interval &&
    one.range_start <= candle.ts && candle.ts < one.range_end
  );

/** What is false in a store: nothing where it is part of the truth, and has all of it that counts as covered. */
export const falsehoods = (
  truth: Contents,
  { candles, coverage, staging }: Contents,
): ReadonlyArray<string> => {
  const actual = new Set(truth.candles.map(spelled));
  const stored = new Set(candles.map(spelled));
  const claimed = truth.candles.filter((candle) => covers(coverage, candle));
  return [
    ...[...stored].filter((candle) => !actual.has(candle)).map((candle) => `not true: ${candle}`),
    ...claimed.map(spelled).filter((candle) => !stored.has(candle)).map((candle) => `not there: ${candle}`),
    ...candles.filter((candle) => !covers(coverage, candle)).map((candle) =>
      `not covered: ${spelled(candle)}`
    ),
    ...staging.map((candle) => `left over: ${spelled(candle)}`),
  ];
};

/** Candles and coverage, and what must be gone once they are whole, as they can be compared with another store's. */
export const seriesIn = ({ candles, coverage, failures, staging }: Contents) => ({
  candles: candles.map(spelled),
  coverage: coverage.map(range),
  failures,
  staging,
});

/** All of a store, as it can be compared with another. */
export const wholeOf = (contents: Contents) => {
  const { rejected, restatements, revisions } = contents;
  return { ...seriesIn(contents), rejected, restatements, revisions };
};

/** Candles of one instrument, as they can be compared with others'. */
export const seriesOf = (instrumentId: number, candles: ReadonlyArray<CandleRow>): ReadonlyArray<string> =>
  candles.filter((candle) => candle.instrument_id === instrumentId).map((candle) =>
    spelled({ ...candle, instrument_id: 0 })
  );
