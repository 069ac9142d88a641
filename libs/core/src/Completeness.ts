import { type Calendar, type Session, sessionsBetween } from "./Calendar.ts";
import type { Covered } from "./Coverage.ts";
import * as MarketTime from "./MarketTime.ts";
import * as RangeSet from "./RangeSet.ts";

/**
 * Why a session has no candle, or none that will stay:
 *
 * - `never asked`: its range was not fetched yet
 * - `failed`: it was asked for, and no answer could be used
 * - `rejected`: a candle came and was not stored
 * - `answered empty`: the vendor sent none though the exchange traded
 * - `before listing`: the vendor has none before the first candle of the series
 * - `provisional`: the session is not over, or not settled
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

/** Successive sessions without a candle, for one reason. */
export interface Hole {
  readonly from: MarketTime.Day;
  /** Inclusive. */
  readonly to: MarketTime.Day;
  readonly sessions: number;
  readonly reason: Reason;
  /** Of what failed: the error, and the tries so far. */
  readonly error?: string;
  readonly tries?: number;
}

/** What the store knows of one series. Instants in epoch ms. */
export interface Knowledge {
  readonly covered: Covered;
  /** Days with a candle, by whether all of the day's candles are final. */
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

/** How complete a series is over the sessions looked at. */
export interface Completeness {
  /** Sessions that should have a candle: all but those before the listing. */
  readonly expected: number;
  readonly present: number;
  /** First and last day with a candle, among those looked at. */
  readonly first?: MarketTime.Day;
  readonly last?: MarketTime.Day;
  readonly holes: ReadonlyArray<Hole>;
  /** Days with a candle though the calendar calls them closed. */
  readonly unexpected: ReadonlyArray<MarketTime.Day>;
}

/**
 * The sessions of the days `from` to `to`, both inclusive, that a calendar knows of for certain: beyond its span a
 * day without candles may be a holiday.
 */
export const sessionsOf = (
  calendar: Calendar,
  from: MarketTime.Day,
  to: MarketTime.Day,
): ReadonlyArray<Session> =>
  sessionsBetween(
    calendar,
    from < calendar.from ? calendar.from : from,
    to > calendar.to ? calendar.to : to,
  );

/** The instants at which a session has candles: a day candle at midnight, shorter ones while it is open. */
const spanOf = (session: Session, isDaily: boolean, timeZone: string): RangeSet.RangeSet => {
  if (!isDaily) return RangeSet.of(session.opens, session.closes);
  const midnight = MarketTime.dayStart(session.day, timeZone);
  return RangeSet.of(midnight, midnight + 1);
};

/** Why a session has no candle. */
const reasonOf = (session: Session, span: RangeSet.RangeSet, known: Knowledge): Reason => {
  const open = known.covered.open;
  const unfetched = RangeSet.difference(span, known.covered.final);
  if (unfetched.length === 0) {
    if (known.rejected.has(session.day)) return "rejected";
    return known.firstEver !== undefined && session.day < known.firstEver
      ? "before listing"
      : "answered empty";
  }
  if (open !== undefined && unfetched[0]!.from < open.to && unfetched[0]!.from >= open.from) {
    return "provisional";
  }
  const { failure } = known;
  return failure !== undefined && RangeSet.intersection(unfetched, [failure]).length > 0
    ? "failed"
    : "never asked";
};

/**
 * Compares a series with the sessions that should have candles, oldest first. Sessions that begin after `now` are
 * left out. Linear in the sessions and the days present.
 */
export const inspect = (
  sessions: ReadonlyArray<Session>,
  known: Knowledge,
  options: { readonly isDaily: boolean; readonly timeZone: string; readonly now: number },
): Completeness => {
  const holes: Array<Hole> = [];
  let present = 0;
  let expected = 0;
  // A hole goes on while session follows session; a present one ends it.
  let open: Hole | undefined;
  const note = (session: Session, reason: Reason) => {
    if (open?.reason === reason) {
      open = { ...open, to: session.day, sessions: open.sessions + 1 };
    } else {
      if (open !== undefined) holes.push(open);
      open = {
        from: session.day,
        to: session.day,
        sessions: 1,
        reason,
        ...(reason === "failed" ? { error: known.failure!.message, tries: known.failure!.tries } : {}),
      };
    }
  };
  const end = () => {
    if (open !== undefined) holes.push(open);
    open = undefined;
  };
  const days = new Set<MarketTime.Day>();
  for (const session of sessions) {
    if (session.opens > options.now) break;
    days.add(session.day);
    const isFinal = known.present.get(session.day);
    if (isFinal !== undefined) {
      present++;
      expected++;
      if (isFinal) end();
      else note(session, "provisional");
      continue;
    }
    const reason = reasonOf(session, spanOf(session, options.isDaily, options.timeZone), known);
    if (reason !== "before listing") expected++;
    note(session, reason);
  }
  end();
  const stored = [...known.present.keys()].sort();
  const first = stored[0];
  const last = stored[stored.length - 1];
  return {
    expected,
    present,
    holes,
    unexpected: stored.filter((day) => !days.has(day)),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
};

/** The time ranges of holes: whole days of the market. */
export const rangesOf = (holes: ReadonlyArray<Hole>, timeZone: string): RangeSet.RangeSet =>
  RangeSet.fromRanges(holes.map(({ from, to }) => ({
    from: MarketTime.dayStart(from, timeZone),
    to: MarketTime.dayStart(MarketTime.addDays(to, 1), timeZone),
  })));
