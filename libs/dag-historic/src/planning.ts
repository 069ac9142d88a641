import { Calendar, type Coverage, Interval, MarketTime, RangeSet, type Source } from "@candlewick/core";
import type { Parameters } from "./parameters.ts";

/** The times that a run's decisions refer to, fixed when it starts. Epoch ms. */
export interface Horizon {
  readonly now: number;
  /** Midnight, market time: candles before it are final, from it on provisional. May lie ahead of `now`. */
  readonly settled: number;
  /** First instant asked for. */
  readonly from: number;
  /** End of what is asked for, exclusive; never after `now`, or the end of the day when that is final. */
  readonly to: number;
  /** A provisional answer younger than this, milliseconds, is not asked for again. */
  readonly refresh: number;
}

/** An hour at most between two looks at an open day; less for shorter candles. */
const MAX_REFRESH = 3_600_000;

/**
 * What a run asks for of one exchange: from the first day the user, the source or the bootstrap date names, to the end of the
 * last day the user names or to now.
 */
export const horizonOf = (
  parameters: Pick<Parameters, "interval" | "from" | "to" | "bootstrapDate" | "settle">,
  info: Pick<Source.SourceInfo, "timeZone" | "earliest">,
  now: number,
  calendar?: Calendar.Calendar,
): Horizon => {
  const earliest = info.earliest[parameters.interval];
  const first = parameters.from ??
    (earliest !== undefined && earliest > parameters.bootstrapDate ? earliest : parameters.bootstrapDate);
  const settled = Calendar.settledAt(now, parameters.settle, info.timeZone, calendar);
  const latest = Math.max(now, settled);
  const end = parameters.to === undefined
    ? latest
    : MarketTime.dayStart(MarketTime.addDays(parameters.to, 1), info.timeZone);
  return {
    now,
    settled,
    from: MarketTime.dayStart(first, info.timeZone),
    to: Math.min(end, latest),
    refresh: Math.min(Interval.millis(parameters.interval), MAX_REFRESH),
  };
};

/**
 * What is missing of one series: all that is asked for and not covered, and the open days when the last look
 * at them is stale. Ends with the day of expiry for what expires.
 */
export const missingOf = (
  horizon: Horizon,
  covered: Coverage.Covered,
  expiryEnd: number | undefined,
): RangeSet.RangeSet => {
  const to = expiryEnd === undefined ? horizon.to : Math.min(horizon.to, expiryEnd);
  const past = RangeSet.difference(
    RangeSet.of(horizon.from, Math.min(to, horizon.settled)),
    covered.final,
  );
  const openFrom = Math.max(horizon.from, horizon.settled);
  const { open } = covered;
  const seenTo = open !== undefined && horizon.now - open.fetchedAt < horizon.refresh &&
      open.from <= openFrom && openFrom < open.to
    ? open.to
    : openFrom;
  const isRecent = seenTo > openFrom && to - seenTo < horizon.refresh;
  return isRecent ? past : RangeSet.union(past, RangeSet.of(seenTo, to));
};

/** Milliseconds in the days that one request of this interval may span; undefined when it is not offered. */
export const requestSpan = (
  info: Pick<Source.SourceInfo, "daysPerRequest">,
  interval: Interval.Interval,
): number | undefined => {
  const days = info.daysPerRequest[interval];
  return days === undefined ? undefined : days * 86_400_000;
};

const DAY = 86_400_000;

/**
 * How far a request reaches into the one before it, whole days in milliseconds: a week holds candles even around
 * holidays, and a fifteenth of what a request may span is not too much for that.
 */
export const joinOf = (span: number): number => Math.min(7, Math.floor(span / DAY / 15)) * DAY;

/** Milliseconds that `count` requests for one range cover. */
const reachOfRequests = (count: number, span: number): number => span + (count - 1) * (span - joinOf(span));

const requestsFor = (length: number, span: number): number =>
  length <= span ? 1 : 1 + Math.ceil((length - span) / (span - joinOf(span)));

/** What requests for a range may span beyond it without a further request. */
export const slackOf = ({ from, to }: RangeSet.Range, span: number): number =>
  reachOfRequests(requestsFor(to - from, span), span) - (to - from);

/** Missing ranges cut to what one request may span, oldest first; the pieces of a range reach into each other. */
export const windowsOf = (missing: RangeSet.RangeSet, span: number): ReadonlyArray<RangeSet.Range> =>
  missing.flatMap(({ from, to }) =>
    Array.from({ length: requestsFor(to - from, span) }, (_, i) => {
      const start = from + i * (span - joinOf(span));
      return { from: start, to: Math.min(start + span, to) };
    })
  );

/** Coverage once a window has been fetched whole. */
export const cover = (
  covered: Coverage.Covered,
  window: RangeSet.Range,
  horizon: Horizon,
): Coverage.Covered => {
  const final = RangeSet.union(
    covered.final,
    RangeSet.of(window.from, Math.min(window.to, horizon.settled)),
  );
  const open = coverOpen(covered.open, window, horizon);
  return open === undefined ? { final } : { final, open };
};

/** The open days looked at so far: what was known of them, joined with the window's part when they touch. */
const coverOpen = (
  known: Coverage.Covered["open"],
  window: RangeSet.Range,
  horizon: Horizon,
): Coverage.Covered["open"] => {
  const before = known !== undefined && known.to > horizon.settled
    ? { ...known, from: Math.max(known.from, horizon.settled) }
    : undefined;
  const from = Math.max(window.from, horizon.settled);
  if (from >= window.to) return before;
  const joins = before !== undefined && before.from < from && from <= before.to;
  return joins
    ? { from: before.from, to: Math.max(before.to, window.to), fetchedAt: before.fetchedAt }
    : { from, to: window.to, fetchedAt: horizon.now };
};
