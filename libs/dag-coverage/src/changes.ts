import { candleRevisions, type Interval, restatements, Sink, Source, Where } from "@candlewick/core";
import { Effect, Stream } from "effect";

/** How often the vendor changed what was final, by instrument. */
export interface Changes {
  /** Candles that were corrected one by one. */
  readonly revisions: ReadonlyMap<number, number>;
  /** Times that the whole series was fetched afresh. */
  readonly restatements: ReadonlyMap<number, number>;
}

/** Changes of all series at an interval, by two queries. */
export const changesAt = Effect.fnUntraced(function* (interval: Interval.Interval) {
  const sink = yield* Sink.Sink;
  const { info } = yield* Source.SourceSession;
  const count = (dataset: typeof candleRevisions | typeof restatements) => {
    const where = Where.on(dataset);
    return sink.select(dataset, {
      columns: ["instrument_id"],
      where: [where.eq("source", info.id), where.eq("interval", interval)],
    }).pipe(Stream.runFold((): Map<number, number> => new Map(), (counts, rows) => {
      for (const { instrument_id } of rows) counts.set(instrument_id, (counts.get(instrument_id) ?? 0) + 1);
      return counts;
    }));
  };
  const changes: Changes = {
    revisions: yield* count(candleRevisions),
    restatements: yield* count(restatements),
  };
  return changes;
});
