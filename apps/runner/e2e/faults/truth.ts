import { type CandleRow, type CoverageRow } from "@candlewick/core";
import { expect } from "vitest";
import type { Contents } from "./store.ts";

/** A candle without the time it was fetched. */
const spelled = ({ fetched_at: _, ...candle }: CandleRow): string => JSON.stringify(candle);
const range = ({ fetched_at: _, ...covered }: CoverageRow): string => JSON.stringify(covered);

const covers = (coverage: ReadonlyArray<CoverageRow>, candle: CandleRow): boolean =>
  coverage.some((one) =>
    one.instrument_id === candle.instrument_id && one.interval === candle.interval &&
    one.range_start <= candle.ts && candle.ts < one.range_end
  );

/** What is stored is part of the truth, and of what is covered all of it is stored. */
export const expectPartOf = (truth: Contents, { candles, coverage, staging }: Contents): void => {
  const actual = new Set(truth.candles.map(spelled));
  const stored = candles.map(spelled);
  expect(stored.filter((candle) => !actual.has(candle)), "stored, and not true").toEqual([]);
  const claimed = truth.candles.filter((candle) => covers(coverage, candle)).map(spelled);
  const there = new Set(stored);
  expect(claimed.filter((candle) => !there.has(candle)), "covered, and not stored").toEqual([]);
  expect(candles.filter((candle) => !covers(coverage, candle)), "stored, and not covered").toEqual([]);
  expect(staging, "left over").toEqual([]);
};

/** Candles and coverage are those of an undisturbed run, row for row. */
export const expectSameSeries = (
  truth: Contents,
  { candles, coverage, failures, staging }: Contents,
): void => {
  expect(candles.map(spelled)).toEqual(truth.candles.map(spelled));
  expect(coverage.map(range)).toEqual(truth.coverage.map(range));
  expect({ failures, staging }).toEqual({ failures: [], staging: [] });
};

/** The store is that of an undisturbed run, row for row, with no change of history recorded. */
export const expectWhole = (truth: Contents, contents: Contents): void => {
  expectSameSeries(truth, contents);
  const { rejected, restatements, revisions } = contents;
  expect({ rejected, restatements, revisions }).toEqual({ rejected: [], restatements: [], revisions: [] });
};

/** Candles of one instrument, as they can be compared with others'. */
export const seriesOf = (instrumentId: number, candles: ReadonlyArray<CandleRow>): ReadonlyArray<string> =>
  candles.filter((candle) => candle.instrument_id === instrumentId).map((candle) =>
    spelled({ ...candle, instrument_id: 0 })
  );
