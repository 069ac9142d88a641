import {
  type Candle,
  type CandleCoverage,
  type CandleHistory,
  type CandleRow,
  type Interval,
  MarketTime,
  PluginError,
  type RangeSet,
  rejectedRecords,
  rejectedRows,
  type Rejection,
  Retry,
  Sink,
  Source,
  subjectOf,
} from "@candlewick/core";
import { Effect } from "effect";
import { distrust } from "./answer.ts";
import { rowsOf, sliceOf } from "./coverage.ts";
import { cover, type Covered, type Horizon } from "./planning.ts";
import { type Listing, symbolOf } from "./selection.ts";

/** One series that is not complete: its instrument, what the store has of it, and the requests that fill it. */
export interface Series {
  readonly listing: Listing;
  readonly covered: Covered;
  readonly windows: ReadonlyArray<RangeSet.Range>;
}

/** What was fetched and stored of one series. */
export interface Fetched {
  readonly requests: number;
  readonly counts: Sink.WriteCounts;
  readonly rejected: number;
  readonly provisional: number;
  /** The ends of what was fetched, where there was a candle. */
  readonly first?: Candle.Candle;
  readonly last?: Candle.Candle;
}

export const nothingFetched: Fetched = { requests: 0, counts: Sink.noWrites, rejected: 0, provisional: 0 };

export interface Job {
  readonly interval: Interval.Interval;
  readonly horizon: Horizon;
  readonly candles: CandleHistory;
  readonly coverage: CandleCoverage;
  readonly policy: Retry.RetryPolicy;
  /** Told after each request. */
  readonly onRequest: (listing: Listing, rejected: number) => Effect.Effect<void>;
}

/** Candles held before they are committed: enough to spare transactions, little enough to spare memory. */
const COMMIT_AT = 5_000;

/**
 * Fetches the missing windows of one series, oldest first, and commits candles together with the coverage they
 * fill. After a failure all that was committed stays, and the next run asks only for the rest.
 */
export const fetchSeries = (job: Job) =>
(series: Series): Effect.Effect<
  Fetched,
  PluginError.PluginError,
  Sink.Sink | Source.SourceSession | Source.CandleSource
> =>
  Effect.gen(function* () {
    const source = yield* Source.CandleSource;
    const sink = yield* Sink.Sink;
    const { info } = yield* Source.SourceSession;
    const { listing } = series;
    const subject = subjectOf(listing);
    const key = { instrumentId: listing.instrument_id, interval: job.interval };

    let covered = series.covered;
    let fetched = nothingFetched;
    let rows: Array<CandleRow> = [];
    let rejections: Array<Rejection.Rejection> = [];

    const ask = (window: RangeSet.Range) => {
      const request = {
        subject,
        interval: job.interval,
        from: window.from,
        to: window.to,
        continuous: false,
      };
      return source.candles(request).pipe(
        Effect.filterOrElse(
          (batch) => distrust(request, batch) === undefined,
          (batch) => Effect.fail(untrusted(info, listing, window, distrust(request, batch)!)),
        ),
        Retry.retrying(job.policy),
      );
    };

    // Counts are added when the transaction has committed, so that a repeated one counts once.
    const commit = Effect.suspend(() => {
      const rejected = rejectedRows(
        {
          source: info.id,
          dataset: job.candles.name,
          subject: `${key.instrumentId}:${key.interval}`,
          time: job.horizon.now,
        },
        rejections,
      );
      const write = Effect.gen(function* () {
        const counts = rows.length === 0 ? Sink.noWrites : yield* sink.upsert(job.candles, rows);
        if (rejected.length > 0) yield* sink.upsert(rejectedRecords, rejected);
        yield* sink.replace(job.coverage, sliceOf(job.coverage, key), rowsOf(key, covered, job.horizon.now));
        return counts;
      });
      return sink.transaction(write).pipe(
        Retry.retrying(job.policy),
        Effect.map((counts) => {
          fetched = { ...fetched, counts: Sink.addCounts(fetched.counts, counts) };
          rows = [];
          rejections = [];
        }),
      );
    });

    for (const [index, window] of series.windows.entries()) {
      const batch = yield* ask(window);
      for (const candle of batch.candles) rows.push(rowOf(key.instrumentId, job, candle));
      for (const rejection of batch.rejected) rejections.push(rejection);
      covered = cover(covered, window, job.horizon);
      fetched = tally(fetched, batch, job.horizon);
      yield* job.onRequest(listing, batch.rejected.length);
      if (rows.length >= COMMIT_AT || index === series.windows.length - 1) yield* commit;
    }
    return fetched;
  });

const rowOf = (instrumentId: number, job: Job, candle: Candle.Candle): CandleRow => ({
  instrument_id: instrumentId,
  interval: job.interval,
  ts: candle.ts,
  open: candle.open,
  high: candle.high,
  low: candle.low,
  close: candle.close,
  volume: candle.volume,
  oi: candle.oi,
  is_final: candle.ts < job.horizon.settled,
  fetched_at: job.horizon.now,
});

const tally = (fetched: Fetched, batch: Candle.CandleBatch, horizon: Horizon): Fetched => {
  const first = fetched.first ?? batch.candles[0];
  const last = batch.candles[batch.candles.length - 1] ?? fetched.last;
  return {
    ...fetched,
    requests: fetched.requests + 1,
    rejected: fetched.rejected + batch.rejected.length,
    provisional: fetched.provisional + batch.candles.filter((candle) => candle.ts >= horizon.settled).length,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
};

const untrusted = (info: Source.SourceInfo, listing: Listing, window: RangeSet.Range, why: string) => {
  const from = MarketTime.dayOf(window.from, info.timeZone);
  const to = MarketTime.dayOf(window.to - 1, info.timeZone);
  return new PluginError.PluginError({
    plugin: info.id,
    operation: `candles of ${symbolOf(listing)} ${from} to ${to}`,
    reason: new PluginError.Corrupt({ message: `the answer cannot be trusted: ${why}` }),
  });
};
