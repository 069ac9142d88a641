import {
  type Calendar,
  candleHistory,
  Completeness,
  type Interval,
  Knowledge,
  MarketTime,
  type PluginError,
  Sink,
  Source,
} from "@candlewick/core";
import { Effect } from "effect";
import { isEmpty, type Span, splitBy } from "./span.ts";
import type { Subject } from "./subjects.ts";

/** What can be said of one series. */
export interface Assessment {
  readonly subject: Subject;
  /** Sessions that should have a final candle; `null` without a calendar. */
  readonly expected: number | null;
  /** Sessions that have one; without a calendar, days with a candle. */
  readonly present: number;
  readonly first: MarketTime.Day | null;
  readonly last: MarketTime.Day | null;
  /** In order. */
  readonly holes: ReadonlyArray<Completeness.Hole>;
  /** Days with a candle though the calendar calls them closed. */
  readonly unexpected: ReadonlyArray<MarketTime.Day>;
}

/** What the series of one exchange have in common. */
export interface Market {
  readonly interval: Interval.Interval;
  readonly now: number;
  /** Midnight before which candles are final. */
  readonly settled: number;
  readonly calendar?: Calendar.Calendar;
  /** Of all days that are looked at, where there is a calendar. */
  readonly expected?: Completeness.Expected;
}

/** What is known of a series, when the store has nothing of it. */
const blank = ({ covered }: Subject): Completeness.Knowledge => ({
  covered,
  present: new Map(),
  firstEver: undefined,
  rejected: new Set(),
});

/** Reads what the store has of a series; no query for one that was never asked for. */
const knowledgeOf = Effect.fnUntraced(function* (subject: Subject, span: Span, market: Market) {
  const { covered, failure, listing } = subject;
  const isBlank = covered.final.length === 0 && covered.open === undefined && failure === undefined;
  if (isBlank || isEmpty(span)) return blank(subject);
  const { info } = yield* Source.SourceSession;
  return yield* Knowledge.load(yield* Sink.Sink, {
    source: info.id,
    candles: candleHistory(info),
    series: { instrumentId: listing.instrument_id, interval: market.interval },
    from: MarketTime.dayStart(span.from, info.timeZone),
    to: MarketTime.dayStart(MarketTime.addDays(span.to, 1), info.timeZone),
    timeZone: info.timeZone,
    covered,
    failure,
  });
});

/** What is there of a series, and what is not. Days of which no calendar knows are judged by coverage alone. */
export const judge = (
  subject: Subject,
  known: Completeness.Knowledge,
  span: Span,
  market: Market,
  timeZone: string,
): Assessment => {
  const days = [...known.present.keys()];
  const unfetched = (part: Span) =>
    isEmpty(part) ? [] : Completeness.unfetched(known, { ...part, timeZone }, market.settled);
  const ends = { subject, first: days[0] ?? null, last: days[days.length - 1] ?? null };
  if (market.calendar === undefined || market.expected === undefined) {
    return { ...ends, expected: null, present: days.length, holes: unfetched(span), unexpected: [] };
  }
  const { after, before } = splitBy(span, market.calendar);
  const found = Completeness.inspect(
    Completeness.within(market.expected, span.from, span.to),
    known,
    market,
  );
  return { ...ends, ...found, holes: [...unfetched(before), ...found.holes, ...unfetched(after)] };
};

export const assess = Effect.fnUntraced(function* (
  subject: Subject,
  span: Span,
  market: Market,
): Effect.fn.Return<Assessment, PluginError.PluginError, Sink.Sink | Source.SourceSession> {
  const { info } = yield* Source.SourceSession;
  return judge(subject, yield* knowledgeOf(subject, span, market), span, market, info.timeZone);
});
