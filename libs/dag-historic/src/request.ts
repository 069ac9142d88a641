import {
  type Candle,
  type CandleRow,
  Interval,
  Listing,
  MarketTime,
  PluginError,
  type RangeSet,
  Retry,
  Source,
  subjectOf,
} from "@candlewick/core";
import { Effect } from "effect";
import { distrust } from "./answer.ts";
import { isOfAnother, judge, type Judgement, type Pair } from "./judgement.ts";

/** An answer that was compared with stored candles. */
export interface Answer {
  readonly batch: Candle.CandleBatch;
  /** Stored candles that came back, each with its answer. */
  readonly pairs: ReadonlyArray<Pair>;
  readonly judgement: Judgement;
}

/** Asks for the candles of one series. */
export interface Asking {
  readonly ask: (
    window: RangeSet.Range,
    stored: ReadonlyArray<CandleRow>,
    options?: {
      /** Prices are expected to differ from those stored. */
      readonly isRestated?: boolean;
      /** Why an answer is not trusted for a further reason, or undefined. */
      readonly distrust?: (batch: Candle.CandleBatch) => string | undefined;
    },
  ) => Effect.Effect<Answer, PluginError.PluginError>;
  /** The failure of a window whose answer cannot be trusted. */
  readonly corrupt: (window: RangeSet.Range, why: string) => PluginError.PluginError;
  /** The last window asked for, and how often. */
  readonly last: () => { readonly window: RangeSet.Range; readonly tries: number } | undefined;
}

/**
 * Requests for one series, tried again as the policy says. An answer is trusted when it fits the request and the
 * final candles stored for that time: `stored` are those in the window, oldest first.
 */
export const askingFor = Effect.fnUntraced(function* (
  listing: Listing.Listing,
  interval: Interval.Interval,
  policy: Retry.RetryPolicy,
): Effect.fn.Return<Asking, never, Source.CandleSource | Source.SourceSession> {
  const source = yield* Source.CandleSource;
  const { info } = yield* Source.SourceSession;
  const subject = subjectOf(listing);
  let last: { window: RangeSet.Range; tries: number } | undefined;

  const corrupt = (window: RangeSet.Range, why: string) =>
    new PluginError.PluginError({
      plugin: info.id,
      operation: `candles of ${Listing.symbolOf(listing)} ${
        MarketTime.dayOf(window.from, info.timeZone)
      } to ${MarketTime.dayOf(window.to - 1, info.timeZone)}`,
      reason: new PluginError.Corrupt({ message: why }),
    });

  const ask: Asking["ask"] = (window, stored, { distrust: further, isRestated = false } = {}) => {
    const current = { window, tries: 0 };
    last = current;
    const request = { subject, interval, from: window.from, to: window.to, continuous: false };
    return Effect.suspend(() => {
      current.tries++;
      return source.candles(request);
    }).pipe(
      Effect.flatMap((batch) => {
        const pairs = pairsOf(stored, batch.candles);
        const judgement = judge(pairs, false);
        const why = distrust(request, batch) ?? further?.(batch) ??
          (isRestated
            ? lacking(stored.length, pairs.length, RESTATED_SHARE) ??
              (isOfAnother(pairs) ? DOUBTFUL : undefined)
            : lacking(stored.length, pairs.length, SHARE) ??
              (judgement._tag === "Doubtful" ? DOUBTFUL : undefined));
        return why === undefined
          ? Effect.succeed({ batch, pairs, judgement })
          : Effect.fail(corrupt(window, why));
      }),
      Retry.retrying(policy),
    );
  };
  return { ask, corrupt, last: () => last };
});

/** Stored candles with the answered ones of the same time. Both oldest first. */
export const pairsOf = (
  stored: ReadonlyArray<CandleRow>,
  answered: ReadonlyArray<Candle.Candle>,
): ReadonlyArray<Pair> => {
  if (stored.length === 0) return [];
  const byTime = new Map(answered.map((candle) => [candle.ts, candle]));
  return stored.flatMap((row) => {
    const candle = byTime.get(row.ts);
    return candle === undefined ? [] : [{ stored: row, answered: candle }];
  });
};

/** Share of the stored candles that an answer must have: of an overlap, and of a series to be replaced. */
const SHARE = 0.5;
const RESTATED_SHARE = 0.98;

/** Why an answer without candles that are stored cannot be whole, or undefined when it has enough of them. */
const lacking = (stored: number, answered: number, share: number): string | undefined =>
  answered < stored * share
    ? `it lacks ${stored - answered} of ${stored} candles that are stored`
    : undefined;

export const DOUBTFUL =
  "its candles are not those that are stored, and no split or other adjustment explains the change; " +
  "if the vendor is right now, --refetch with --symbols takes its history afresh";
