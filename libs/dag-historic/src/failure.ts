import { candleFailures, type Coverage, PluginError, RunEvent, Sink, Source } from "@candlewick/core";
import { Effect } from "effect";
import { failureSlice } from "./commit.ts";
import type { Asking } from "./request.ts";
import type { Series } from "./series.ts";

/**
 * Keeps the failure of a series in the store, with the tries of all runs, until the series has been fetched. A
 * failure that every series shares says nothing about this one.
 */
export const recordingFailure = (series: Series, key: Coverage.Series, asking: Asking) =>
<A, R>(
  fetch: Effect.Effect<A, PluginError.PluginError, R>,
): Effect.Effect<A, PluginError.PluginError, R | Sink.Sink | Source.SourceSession> =>
  Effect.gen(function* () {
    const sink = yield* Sink.Sink;
    const { info } = yield* Source.SourceSession;
    const record = (error: PluginError.PluginError) => {
      const { tries, window } = asking.last() ??
        { tries: 0, window: series.missing[0] ?? { from: 0, to: 0 } };
      return sink.upsert(candleFailures, [{
        source: info.id,
        instrument_id: key.instrumentId,
        interval: key.interval,
        range_start: window.from,
        range_end: series.missing[series.missing.length - 1]?.to ?? window.to,
        reason: error.reason._tag,
        message: error.reason.message,
        tries: (series.failedTries ?? 0) + tries,
        failed_at: series.horizon.now,
      }]).pipe(
        Effect.catch((fault) => RunEvent.warn(`the failure of a series could not be kept: ${fault.message}`)),
      );
    };
    const result = yield* Effect.tapError(
      fetch,
      (error) => PluginError.isFatal(error.reason) ? Effect.void : record(error),
    );
    if (series.failedTries !== undefined) yield* sink.replace(candleFailures, failureSlice(info.id, key), []);
    return result;
  });
