import { Interval, MarketTime, type Source } from "@candlewick/core";
import type { Parameters } from "./parameters.ts";
import type { Subject } from "./subjects.ts";

/** Days, both inclusive; `to` before `from` when there is none. */
export interface Span {
  readonly from: MarketTime.Day;
  readonly to: MarketTime.Day;
}

/** How far back what nobody asked for begins, where neither source nor calendar says. */
const FIRST = "1995-01-01";

const earlier = (left: MarketTime.Day, right: MarketTime.Day): MarketTime.Day => left < right ? left : right;
const later = (left: MarketTime.Day, right: MarketTime.Day): MarketTime.Day => left > right ? left : right;

/** The first instant that was asked for, as far as the store tells. */
const firstAsked = ({ covered, failure }: Subject): number | undefined => {
  const starts = [covered.final[0]?.from, covered.open?.from, failure?.range_start]
    .filter((start) => start !== undefined);
  return starts.length === 0 ? undefined : Math.min(...starts);
};

/**
 * The days on which a series is expected to have candles: those that the user names, or from the first that was
 * asked for to today. Never after the day of expiry, nor from the day on which the listing was found gone.
 */
export const spanOf = (
  subject: Subject,
  chosen: Pick<Parameters, "interval" | "from" | "to">,
  at: {
    readonly info: Pick<Source.SourceInfo, "timeZone" | "earliest">;
    readonly today: MarketTime.Day;
    /** First day that the exchange's calendar knows. */
    readonly calendarFrom: MarketTime.Day | undefined;
  },
): Span => {
  const { info: { earliest, timeZone }, today } = at;
  const { delisted_at, expiry } = subject.listing;
  const asked = firstAsked(subject);
  const begins = asked === undefined ? earliest[chosen.interval] ?? FIRST : MarketTime.dayOf(asked, timeZone);
  const ends = [
    chosen.to ?? today,
    ...(expiry === null ? [] : [expiry]),
    ...(delisted_at === null ? [] : [MarketTime.addDays(MarketTime.dayOf(delisted_at, timeZone), -1)]),
  ];
  return {
    from: chosen.from ?? later(begins, at.calendarFrom ?? begins),
    to: ends.reduce(earlier),
  };
};

/** The part of a span before, within and after the days that a calendar knows. */
export const splitBy = (span: Span, known: Span): { readonly before: Span; readonly after: Span } => ({
  before: { from: span.from, to: earlier(span.to, MarketTime.addDays(known.from, -1)) },
  after: { from: later(span.from, MarketTime.addDays(known.to, 1)), to: span.to },
});

export const isEmpty = ({ from, to }: Span): boolean => to < from;

/** The shortest span that holds all. */
export const around = (spans: ReadonlyArray<Span>): Span => ({
  from: spans.map(({ from }) => from).reduce(earlier),
  to: spans.map(({ to }) => to).reduce(later),
});

export const isDaily = (interval: Interval.Interval): boolean => interval === "day";
