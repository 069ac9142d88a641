import {
  type Candle,
  type CandleRow,
  type Coverage,
  type Interval,
  type Listing,
  type PluginError,
  RangeSet,
  type Retry,
  type RevisionRow,
  Sink,
  Source,
} from "@candlewick/core";
import { Effect } from "effect";
import { between } from "./between.ts";
import { commit, nothingPending } from "./commit.ts";
import { recordingFailure } from "./failure.ts";
import { fetchJoined, type Restated } from "./joined.ts";
import { judge, type Pair } from "./judgement.ts";
import { findOverlap, olderThan, type Overlap } from "./overlap.ts";
import { cover, type Horizon, windowsOf } from "./planning.ts";
import { type Answer, type Asking, askingFor, DOUBTFUL, pairsOf } from "./request.ts";
import { restate } from "./restate.ts";
import { nothingFetched, tally } from "./tally.ts";
import type { Datasets } from "./work.ts";

/** One series that is not complete: its instrument, what the store has of it, and what is to be fetched. */
export interface Series {
  readonly listing: Listing.Listing;
  readonly horizon: Horizon;
  readonly covered: Coverage.Covered;
  readonly missing: RangeSet.RangeSet;
  /** Requests that fetch it, when no history has changed. */
  readonly requests: number;
  /** Tries of earlier runs that failed, where the last one did. */
  readonly failedTries?: number;
}

/** What all series of a run have in common. */
export interface Job {
  readonly interval: Interval.Interval;
  readonly datasets: Datasets;
  readonly policy: Retry.RetryPolicy;
  /** Milliseconds that one request may span. */
  readonly span: number;
  /** Whether series are fetched afresh, whatever is stored. */
  readonly refetch: boolean;
  /** Whether a candle lies on a day that the exchange's calendar calls closed. */
  readonly isUnexpected: (listing: Listing.Listing, candle: Candle.Candle) => boolean;
  /** Told after each request. */
  readonly onRequest: (listing: Listing.Listing, rejected: number) => Effect.Effect<void>;
}

/** Candles held before they are committed: enough to spare transactions, little enough to spare memory. */
const COMMIT_AT = 5_000;

/**
 * Fetches what is missing of one series, oldest first, and commits candles together with the coverage they fill.
 * Requests reach back to candles already stored: single ones that changed are corrected and the revision recorded;
 * a history that was restated is fetched afresh and replaced. After a failure all that was committed stays, and
 * the next run asks only for the rest.
 */
export const fetchSeries = (job: Job) => (series: Series) => {
  const key = { instrumentId: series.listing.instrument_id, interval: job.interval };
  const fetch = Effect.fnUntraced(function* (asking: Asking) {
    const sink = yield* Sink.Sink;
    const { info } = yield* Source.SourceSession;
    const { datasets, span } = job;

    let fetched = nothingFetched;
    let covered = series.covered;
    let pending = nothingPending();

    const ask: Asking["ask"] = (window, stored, options) =>
      Effect.tap(asking.ask(window, stored, options), ({ batch }) => {
        fetched = { ...fetched, requests: fetched.requests + 1 };
        return job.onRequest(series.listing, batch.rejected.length);
      });

    /** Writes what is held; a repeated transaction counts once. */
    const write = Effect.suspend(() =>
      Effect.map(
        commit({ sink, job, source: info.id, series: key, covered, now: series.horizon.now }, pending),
        (counts) => {
          fetched = { ...fetched, counts: Sink.addCounts(fetched.counts, counts) };
          pending = nothingPending();
        },
      )
    );

    /** What was agreed on before a request failed need not be asked for again. */
    const keep = ({ reason }: PluginError.PluginError) =>
      pending.rows.length === 0 || reason._tag === "Store" ? Effect.void : Effect.ignore(write);

    /** Tells a correction from a restatement where the overlap leaves it open, by one request for older candles. */
    const decide = Effect.fnUntraced(function* ({ judgement, pairs }: Answer) {
      if (judgement._tag !== "Uncertain") return judgement;
      const older = yield* olderThan(sink, datasets.candles, key, pairs[0]!.stored.ts, span);
      if (older.length === 0) return judge(pairs, true);
      const range = { from: older[0]!.ts, to: pairs[0]!.stored.ts };
      const { batch } = yield* ask({ from: Math.max(range.from, range.to - span), to: range.to }, []);
      return judge([...pairsOf(older, batch.candles), ...pairs], true);
    });

    /** Holds what is asked for of an answer; what lies beyond the missing range was there before. */
    const hold = (part: RangeSet.RangeSet, batch: Candle.CandleBatch) => {
      const candles = between(batch.candles, part);
      const rejected = batch.rejected.filter(({ ts }) => ts === undefined || RangeSet.contains(part, ts));
      for (const candle of candles) pending.rows.push(rowOf(key, series.horizon, candle));
      pending.rejections.push(...rejected);
      for (const range of part) covered = cover(covered, range, series.horizon);
      fetched = tally(fetched, candles, rejected.length, {
        settled: series.horizon.settled,
        isUnexpected: (candle) => job.isUnexpected(series.listing, candle),
      });
    };

    const correct = (changed: ReadonlyArray<Pair>) => {
      for (const pair of changed) {
        pending.rows.push(rowOf(key, series.horizon, pair.answered));
        pending.revisions.push(revisionOf(info.id, key, series.horizon.now, pair));
      }
      fetched = { ...fetched, revised: fetched.revised + changed.length };
    };

    /** Fetches a missing range; ends early, with nothing more of it held, when the history turns out restated. */
    const fetchRange = Effect.fnUntraced(function* (range: RangeSet.Range) {
      const isNew = RangeSet.size(series.covered.final) === 0;
      const overlap: Overlap = isNew
        ? { asked: range, stored: [], isWithin: true }
        : yield* findOverlap(sink, datasets.candles, key, range, span);
      let isKnown = overlap.stored.length === 0;
      return yield* fetchJoined({
        windows: overlapFirst(windowsOf([overlap.asked], span), overlap),
        settled: series.horizon.settled,
        doubtsEmpty: isNew,
        ask: Effect.fnUntraced(function* (window, distrust) {
          const beside = overlap.isWithin
            ? overlap.stored.filter(({ ts }) => ts >= window.from && ts < window.to)
            : [];
          const answer = yield* ask(window, beside, { distrust });
          let judgement = yield* decide(answer);
          if (beside.length > 0) isKnown = true;
          else if (!isKnown && answer.batch.candles.length > 0) {
            // Trade goes on after a long pause: the last candle before it is asked for on its own.
            const [row] = overlap.stored;
            judgement = yield* decide(yield* ask({ from: row!.ts, to: row!.ts + 1_000 }, overlap.stored));
            isKnown = true;
          }
          if (judgement._tag === "Doubtful") return yield* asking.corrupt(window, DOUBTFUL);
          return { batch: answer.batch, judgement };
        }),
        emit: (part, { batch, judgement }) => {
          if (judgement._tag === "Corrected") correct(judgement.changed);
          hold(RangeSet.intersection(part, [range]), batch);
          return pending.rows.length >= COMMIT_AT ? write : Effect.void;
        },
      });
    });

    const renew = (cause: Restated | undefined) =>
      Effect.map(
        restate({ sink, job, source: info.id, series, key, ask, corrupt: asking.corrupt }, cause),
        (renewed) => {
          pending = nothingPending();
          fetched = { ...renewed, requests: fetched.requests };
        },
      );

    if (job.refetch && RangeSet.size(series.covered.final) > 0) yield* renew(undefined);
    else {
      for (const range of series.missing) {
        const restated = yield* Effect.tapError(fetchRange(range), keep);
        if (restated !== undefined) {
          yield* renew(restated);
          return fetched;
        }
      }
      yield* write;
    }
    return fetched;
  });
  return Effect.flatMap(
    askingFor(series.listing, job.interval, job.policy),
    (asking) => recordingFailure(series, key, asking)(fetch(asking)),
  );
};

export const rowOf = (series: Coverage.Series, horizon: Horizon, candle: Candle.Candle): CandleRow => ({
  instrument_id: series.instrumentId,
  interval: series.interval,
  ts: candle.ts,
  open: candle.open,
  high: candle.high,
  low: candle.low,
  close: candle.close,
  volume: candle.volume,
  oi: candle.oi,
  is_final: candle.ts < horizon.settled,
  fetched_at: horizon.now,
});

/** Windows go away from the stored candles, so that nothing is stored beside a history that has changed. */
const overlapFirst = (windows: ReadonlyArray<RangeSet.Range>, { asked, isWithin, stored }: Overlap) =>
  isWithin && stored.length > 0 && stored[0]!.ts > asked.from ? windows.toReversed() : windows;

const revisionOf = (
  source: string,
  series: Coverage.Series,
  now: number,
  { answered, stored }: Pair,
): RevisionRow => ({
  source,
  instrument_id: series.instrumentId,
  interval: series.interval,
  ts: stored.ts,
  revised_at: now,
  old_open: stored.open,
  old_high: stored.high,
  old_low: stored.low,
  old_close: stored.close,
  old_volume: stored.volume,
  old_oi: stored.oi,
  new_open: answered.open,
  new_high: answered.high,
  new_low: answered.low,
  new_close: answered.close,
  new_volume: answered.volume,
  new_oi: answered.oi,
});
