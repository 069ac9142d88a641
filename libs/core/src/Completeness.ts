import { localTime } from "./calendar/LocalTime.ts";
import { type Calendar, sessionsBetween } from "./Calendar.ts";
import type { Covered } from "./Coverage.ts";
import * as MarketTime from "./MarketTime.ts";
import * as RangeSet from "./RangeSet.ts";

/**
 * Why a session has no candle, or none that will stay:
 *
 * - `never asked`: its range was not fetched yet, or not since it settled
 * - `failed`: it was asked for, and no answer could be used
 * - `rejected`: a candle came and was not stored
 * - `answered empty`: the vendor sent none though the exchange traded
 * - `before listing`: the vendor has none before the first candle of the series
 * - `provisional`: the session is not over, or not settled, so what is there may change
 */
export const reasons = [
  "never asked",
  "failed",
  "rejected",
  "answered empty",
  "before listing",
  "provisional",
] as const;

export type Reason = typeof reasons[number];

/** Whether something that was asked for is not there. What a vendor never had, or will settle soon, is not. */
export const isMissing = (reason: Reason): boolean => reason !== "before listing" && reason !== "provisional";

/** Successive sessions without a final candle, for one reason. */
export interface Hole {
  readonly from: MarketTime.Day;
  /** Inclusive. */
  readonly to: MarketTime.Day;
  /** `null` where no calendar tells. */
  readonly sessions: number | null;
  readonly reason: Reason;
  /** Of what failed: the error, and the tries so far. */
  readonly error?: string;
  readonly tries?: number;
}

const DAY_MILLIS = 86_400_000;

/** Sessions of a hole; where no calendar tells, its days. */
export const sizeOf = ({ from, sessions, to }: Hole): number =>
  sessions ?? (Date.parse(to) - Date.parse(from)) / DAY_MILLIS + 1;

/** What the store knows of one series. Instants in epoch ms. */
export interface Knowledge {
  readonly covered: Covered;
  /** Days with a candle, in order, by whether all of the day's candles are final. */
  readonly present: ReadonlyMap<MarketTime.Day, boolean>;
  /** The first day of the series, also when it lies outside what is looked at. */
  readonly firstEver: MarketTime.Day | undefined;
  readonly rejected: ReadonlySet<MarketTime.Day>;
  readonly failure?: {
    readonly from: number;
    readonly to: number;
    readonly message: string;
    readonly tries: number;
  };
}

/** How complete a series is over the sessions looked at: each is present, or in exactly one hole. */
export interface Completeness {
  /** Sessions that should have a final candle: all but those before the listing and those not settled. */
  readonly expected: number;
  /** Sessions that have one. */
  readonly present: number;
  /** In order. */
  readonly holes: ReadonlyArray<Hole>;
  /** Days with a candle though the calendar calls them closed. */
  readonly unexpected: ReadonlyArray<MarketTime.Day>;
}

/** A session, and the instants at which it has candles: a day candle at midnight, shorter ones while it is open. */
interface Due {
  readonly day: MarketTime.Day;
  readonly opens: number;
  readonly span: RangeSet.RangeSet;
}

/** The sessions of some days; worked out once for all series of an exchange. */
export interface Expected {
  /** Both inclusive; `to` before `from` where nothing is known for certain. */
  readonly from: MarketTime.Day;
  readonly to: MarketTime.Day;
  /** In order. */
  readonly sessions: ReadonlyArray<Due>;
  /** The days of the sessions, at least. */
  readonly days: ReadonlySet<MarketTime.Day>;
}

/**
 * What can be expected of the days `from` to `to`, both inclusive: the sessions that a calendar knows of for
 * certain, for beyond its span a day without candles may be a holiday.
 */
export const expectedOf = (
  calendar: Calendar,
  options: {
    readonly from: MarketTime.Day;
    readonly to: MarketTime.Day;
    readonly isDaily: boolean;
    /** Where the days of candles begin. */
    readonly timeZone: string;
  },
): Expected => {
  const from = options.from < calendar.from ? calendar.from : options.from;
  const to = options.to > calendar.to ? calendar.to : options.to;
  const instant = localTime(options.timeZone);
  const sessions = sessionsBetween(calendar, from, to).map(({ closes, day, opens }): Due => {
    if (!options.isDaily) return { day, opens, span: RangeSet.of(opens, closes) };
    const midnight = instant(day, "00:00");
    return { day, opens, span: RangeSet.of(midnight, midnight + 1) };
  });
  return { from, to, sessions, days: new Set(sessions.map(({ day }) => day)) };
};

/** What is expected of fewer days. */
export const within = (expected: Expected, from: MarketTime.Day, to: MarketTime.Day): Expected => ({
  from: from < expected.from ? expected.from : from,
  to: to > expected.to ? expected.to : to,
  sessions: expected.sessions.filter(({ day }) => day >= from && day <= to),
  days: expected.days,
});

/** Why a session has no final candle. */
const reasonOf = (
  session: Due,
  hasCandle: boolean,
  known: Knowledge,
  settled: number,
): Reason => {
  const { failure } = known;
  const hasFailed = (part: RangeSet.RangeSet) =>
    failure !== undefined && RangeSet.intersection(part, [failure]).length > 0;
  const unfetched = RangeSet.difference(session.span, known.covered.final);
  if (unfetched.length === 0) {
    if (known.firstEver !== undefined && session.day < known.firstEver && !known.rejected.has(session.day)) {
      return "before listing";
    }
    if (hasFailed(session.span)) return "failed";
    return known.rejected.has(session.day) ? "rejected" : "answered empty";
  }
  if (session.opens >= settled && (hasCandle || !hasFailed(unfetched))) return "provisional";
  return hasFailed(unfetched) ? "failed" : "never asked";
};

const holeOf = (day: MarketTime.Day, reason: Reason, { failure }: Knowledge): Hole => ({
  from: day,
  to: day,
  sessions: 1,
  reason,
  ...(reason === "failed" && failure !== undefined ? { error: failure.message, tries: failure.tries } : {}),
});

/**
 * Compares a series with the sessions that should have candles. Those that begin after `now` are left out; those
 * that begin before `settled` should be final. Linear in the sessions and the days present.
 */
export const inspect = (
  expected: Expected,
  known: Knowledge,
  at: { readonly now: number; readonly settled: number },
): Completeness => {
  const holes: Array<Hole> = [];
  let present = 0;
  let due = 0;
  // A hole goes on while session follows session; a present one ends it.
  let goesOn = false;
  for (const session of expected.sessions) {
    if (session.opens > at.now) break;
    const isFinal = known.present.get(session.day);
    if (isFinal === true) {
      present++;
      due++;
      goesOn = false;
      continue;
    }
    const reason = reasonOf(session, isFinal !== undefined, known, at.settled);
    if (reason !== "before listing" && reason !== "provisional") due++;
    const last = holes[holes.length - 1];
    if (goesOn && last?.reason === reason) {
      holes[holes.length - 1] = { ...last, to: session.day, sessions: last.sessions! + 1 };
    } else holes.push(holeOf(session.day, reason, known));
    goesOn = true;
  }
  return {
    expected: due,
    present,
    holes,
    unexpected: [...known.present.keys()].filter((day) =>
      day >= expected.from && day <= expected.to && !expected.days.has(day)
    ),
  };
};

/**
 * What was not fetched of the days `from` to `to`, both inclusive, of which no calendar knows the sessions: all
 * that can be said of them. In order.
 */
export const unfetched = (
  known: Knowledge,
  days: { readonly from: MarketTime.Day; readonly to: MarketTime.Day; readonly timeZone: string },
  settled: number,
): ReadonlyArray<Hole> => {
  const { timeZone } = days;
  const from = MarketTime.dayStart(days.from, timeZone);
  const to = MarketTime.dayStart(MarketTime.addDays(days.to, 1), timeZone);
  const missing = RangeSet.difference(RangeSet.of(from, Math.min(to, settled)), known.covered.final);
  const failed = known.failure === undefined ? [] : RangeSet.intersection(missing, [known.failure]);
  const parts = [
    ...failed.map((range) => ({ range, reason: "failed" as const })),
    ...RangeSet.difference(missing, failed).map((range) => ({ range, reason: "never asked" as const })),
  ].sort((left, right) => left.range.from - right.range.from);
  const holes: Array<Hole> = [];
  for (const { range, reason } of parts) {
    // Where ranges meet within a day, it belongs to the first.
    const first = MarketTime.dayOf(range.from, timeZone);
    const last = MarketTime.dayOf(range.to - 1, timeZone);
    const before = holes[holes.length - 1];
    const begins = before !== undefined && first <= before.to ? MarketTime.addDays(before.to, 1) : first;
    if (begins <= last) holes.push({ ...holeOf(begins, reason, known), to: last, sessions: null });
  }
  return holes;
};

/** The time ranges of holes: whole days of the market. */
export const rangesOf = (holes: ReadonlyArray<Hole>, timeZone: string): RangeSet.RangeSet =>
  RangeSet.fromRanges(holes.map(({ from, to }) => ({
    from: MarketTime.dayStart(from, timeZone),
    to: MarketTime.dayStart(MarketTime.addDays(to, 1), timeZone),
  })));
