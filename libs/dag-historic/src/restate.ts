import {
  Coverage,
  type PluginError,
  RangeSet,
  type Rejection,
  restatements,
  Retry,
  type Sink,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { between } from "./between.ts";
import { around } from "./commit.ts";
import { fetchJoined, type Restated } from "./joined.ts";
import { cover, windowsOf } from "./planning.ts";
import type { Asking } from "./request.ts";
import { type Job, rowOf, type Series } from "./series.ts";
import { finalCandles } from "./stored.ts";
import { type Fetched, nothingFetched, tally } from "./tally.ts";

interface Place {
  readonly sink: Sink.Sink["Service"];
  readonly job: Job;
  readonly source: string;
  readonly series: Series;
  readonly key: Coverage.Series;
  readonly ask: Asking["ask"];
  readonly corrupt: Asking["corrupt"];
}

const RESTATED_AGAIN = "its history was restated once more while it was fetched; the next run tries again";

/**
 * Fetches a series afresh and puts it in the place of the stored one, in one transaction: a reader sees the old
 * series or the new one. Until then it gathers beside it, so that memory does not grow with its length; a failure
 * leaves the old series, and the next run notices and tries again.
 *
 * Without a `cause` the user asked for it: all of it is fetched, also before the first stored candle, and candles
 * that the vendor has no longer go; otherwise an answer that lacks them is not trusted.
 */
export const restate = Effect.fn("historic.restate")(function* (
  { ask, corrupt, job, key, series, sink, source }: Place,
  cause: Restated | undefined,
): Effect.fn.Return<Fetched, PluginError.PluginError> {
  const { candles, staging } = job.datasets;
  const { horizon } = series;
  const own = Coverage.sliceOf(candles, key);
  const gathered = Coverage.sliceOf(staging, key);

  let fetched = nothingFetched;
  let covered = series.covered;
  const rejections: Array<Rejection.Rejection> = [];
  let count = 0;

  yield* sink.replace(staging, gathered, []);
  const range = cause === undefined ? allOf(series) : yield* tradedOf({ sink, job, series, key });
  const again = yield* fetchJoined({
    windows: windowsOf(range, job.span),
    settled: horizon.settled,
    doubtsEmpty: false,
    ask: Effect.fnUntraced(function* (window, distrust) {
      const stored = cause === undefined ? [] : yield* finalCandles(sink, candles, key, window);
      const { batch } = yield* ask(window, stored, { isRestated: true, distrust });
      return { batch, judgement: { _tag: "Same" } };
    }),
    emit: (part, { batch }) => {
      const rows = between(batch.candles, part);
      const rejected = batch.rejected.filter(({ ts }) => ts === undefined || RangeSet.contains(part, ts));
      for (const { from, to } of part) covered = cover(covered, { from, to }, horizon);
      fetched = tally(fetched, rows, rejected.length, {
        settled: horizon.settled,
        isUnexpected: (candle) => job.isUnexpected(series.listing, candle),
      });
      count += rows.length;
      for (const rejection of rejected) rejections.push(rejection);
      return sink.upsert(staging, rows.map((candle) => rowOf(key, horizon, candle)));
    },
  });
  if (again !== undefined) return yield* corrupt(range[range.length - 1]!, RESTATED_AGAIN);

  const counts = yield* sink.transaction(Effect.gen(function* () {
    const replaced = yield* sink.replace(candles, own, sink.select(staging, { where: gathered }));
    yield* sink.upsert(restatements, [{
      source,
      instrument_id: key.instrumentId,
      interval: key.interval,
      detected_at: horizon.now,
      changed_before: cause?.before ?? null,
      factor: cause?.factor ?? null,
      candles: count,
    }]);
    yield* around({ sink, job, source, series: key, covered, now: horizon.now }, rejections);
    yield* sink.replace(staging, gathered, []);
    return replaced;
  })).pipe(Retry.retrying(job.policy));
  return { ...fetched, counts, restated: { factor: cause?.factor ?? null } };
});

/** All that was or is to be fetched of a series. */
const allOf = ({ covered: { final, open }, missing }: Series): RangeSet.RangeSet =>
  RangeSet.union(
    open === undefined ? final : RangeSet.union(final, RangeSet.of(open.from, open.to)),
    missing,
  );

/**
 * The same from the first stored candle on: what the vendor did not have before it does not come with new prices.
 */
const tradedOf = Effect.fnUntraced(
  function* ({ job, key, series, sink }: Pick<Place, "job" | "key" | "series" | "sink">) {
    const { candles } = job.datasets;
    const first = (yield* Stream.runCollect(sink.select(candles, {
      columns: ["ts"],
      where: Coverage.sliceOf(candles, key),
      orderBy: ["ts"],
      limit: 1,
    }))).flat()[0]?.ts;
    const all = allOf(series);
    return first === undefined
      ? all
      : RangeSet.union(RangeSet.intersection(all, [{ from: first, to: Infinity }]), series.missing);
  },
);
