import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Calendar, Session } from "./Calendar.ts";
import {
  expectedOf,
  type Hole,
  inspect,
  isMissing,
  type Knowledge,
  rangesOf,
  type Reason,
  reasons,
  unfetched,
  within,
} from "./Completeness.ts";
import { addDays, type Day, dayStart } from "./MarketTime.ts";
import * as RangeSet from "./RangeSet.ts";

const HOUR = 3_600_000;
/** Clocks change on days after it in New York and in Sydney. */
const FIRST = "2024-10-20";

/** What happened on one day of a series. */
interface Happened {
  readonly isClosed: boolean;
  readonly isFetched: boolean;
  readonly candle: "none" | "final" | "provisional";
  readonly isRejected: boolean;
}

/** A series by days, and the moment it is looked at. */
interface Case {
  readonly timeZone: string;
  readonly isDaily: boolean;
  readonly days: ReadonlyArray<Happened>;
  /** Failed fetch: first day and number of days. */
  readonly failure: readonly [number, number] | undefined;
  /** Days from the first on that have begun, and of those the ones not settled. */
  readonly begun: number;
  readonly open: number;
  /** Whether the series has candles from before the days looked at. */
  readonly isOld: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  timeZone: fc.constantFrom("Asia/Kolkata", "America/New_York", "Australia/Sydney"),
  isDaily: fc.boolean(),
  days: fc.array(
    fc.record({
      isClosed: fc.boolean(),
      isFetched: fc.boolean(),
      candle: fc.constantFrom("none", "none", "final", "provisional"),
      isRejected: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  failure: fc.option(fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 10 })), { nil: undefined }),
  begun: fc.nat(31),
  open: fc.nat(4),
  isOld: fc.boolean(),
});

const dayAt = (index: number): Day => addDays(FIRST, index);

const calendarOf = ({ days, timeZone }: Case): Calendar => {
  const isClosed = (day: Day) => days.some((one, index) => one.isClosed && dayAt(index) === day);
  return {
    exchange: "NSE",
    timeZone,
    from: FIRST,
    to: dayAt(days.length - 1),
    sessionOn: (day): Session | undefined => {
      if (isClosed(day)) return undefined;
      const opens = dayStart(day, timeZone) + 10 * HOUR;
      const closes = opens + 6 * HOUR;
      return { day, opens, closes, periods: [{ from: opens, to: closes }] };
    },
    closedFor: (day) => isClosed(day) ? "holiday" : undefined,
    layers: [],
  };
};

const knownOf = ({ days, failure, isOld, timeZone }: Case): Knowledge => {
  const start = (index: number) => dayStart(dayAt(index), timeZone);
  const fetched = days.flatMap((one, index) =>
    one.isFetched ? [{ from: start(index), to: start(index + 1) }] : []
  );
  const present = new Map(
    days.flatMap(({ candle }, index) =>
      candle === "none" ? [] : [[dayAt(index), candle === "final"] as const]
    ),
  );
  return {
    covered: { final: RangeSet.fromRanges(fetched) },
    present,
    firstEver: isOld ? "2001-01-01" : [...present.keys()][0],
    rejected: new Set(days.flatMap(({ isRejected }, index) => isRejected ? [dayAt(index)] : [])),
    ...(failure === undefined ? {} : {
      failure: { from: start(failure[0]), to: start(failure[0] + failure[1]), message: "away", tries: 3 },
    }),
  };
};

const hasFailed = ({ failure }: Case, index: number): boolean =>
  failure !== undefined && index >= failure[0] && index < failure[0] + failure[1];

/** What is to be said of a session, by what happened on its day alone. */
const oracle = (one: Case, index: number): Reason | "present" => {
  const { candle, isFetched, isRejected } = one.days[index]!;
  if (candle === "final") return "present";
  const firstCandle = one.days.findIndex((day) => day.candle !== "none");
  const isBefore = !one.isOld && firstCandle >= 0 && index < firstCandle;
  if (isFetched && isBefore && !isRejected) return "before listing";
  if (!isFetched && index >= one.begun - one.open && candle === "provisional") return "provisional";
  if (hasFailed(one, index)) return "failed";
  if (isFetched) return isRejected ? "rejected" : "answered empty";
  return index >= one.begun - one.open ? "provisional" : "never asked";
};

const look = (one: Case) => {
  const { begun, days, isDaily, open, timeZone } = one;
  const midnight = (index: number) => dayStart(dayAt(index), timeZone);
  const expected = expectedOf(calendarOf(one), {
    from: "1990-01-01",
    to: "2030-01-01",
    isDaily,
    timeZone,
  });
  // The last day that has begun is looked at while it trades.
  const found = inspect(expected, knownOf(one), {
    now: midnight(begun - 1) + 12 * HOUR,
    settled: midnight(begun - open),
  });
  const sessions = days.flatMap(({ isClosed }, index) => isClosed || index >= begun ? [] : [index]);
  return { found, sessions };
};

const isIn = (hole: Hole, day: Day): boolean => hole.from <= day && day <= hole.to;
const total = (holes: ReadonlyArray<Hole>): number => holes.reduce((sum, one) => sum + one.sessions!, 0);

describe("Completeness.inspect", () => {
  it("finds each session present, or in exactly one hole, for the right reason", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { found, sessions } = look(one);
        for (const index of sessions) {
          const own = found.holes.filter((hole) => isIn(hole, dayAt(index)));
          const said = oracle(one, index);
          expect(own.map(({ reason }) => reason)).toEqual(said === "present" ? [] : [said]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("counts what it finds: sessions are present or in holes, expected ones present or missing", () => {
    fc.assert(fc.property(cases, (one) => {
      const { found: { expected, holes, present }, sessions } = look(one);
      expect(present + total(holes)).toBe(sessions.length);
      expect(expected - present).toBe(total(holes.filter(({ reason }) => isMissing(reason))));
      for (const hole of holes) {
        expect(hole.sessions).toBe(sessions.filter((index) => isIn(hole, dayAt(index))).length);
        expect(hole.sessions).toBeGreaterThan(0);
      }
    }));
  });

  it("tells holes in order, each as long as it goes, from a session to a session", () => {
    fc.assert(fc.property(cases, (one) => {
      const { found: { holes }, sessions } = look(one);
      const days = new Set(sessions.map(dayAt));
      holes.forEach((hole, at) => {
        expect(days.has(hole.from) && days.has(hole.to)).toBe(true);
        const next = holes[at + 1];
        if (next === undefined) return;
        expect(hole.to < next.from).toBe(true);
        const between = sessions.map(dayAt).filter((day) => day > hole.to && day < next.from);
        if (next.reason === hole.reason) expect(between.length).toBeGreaterThan(0);
      });
    }));
  });

  it("names the error and the tries of what failed, and of nothing else", () => {
    fc.assert(fc.property(cases, (one) => {
      for (const { error, reason, tries } of look(one).found.holes) {
        expect([error, tries]).toEqual(reason === "failed" ? ["away", 3] : [undefined, undefined]);
      }
    }));
  });

  it("keeps candles of closed days apart", () => {
    fc.assert(fc.property(cases, (one) => {
      expect(look(one).found.unexpected).toEqual(
        one.days.flatMap(({ candle, isClosed }, index) =>
          isClosed && candle !== "none" ? [dayAt(index)] : []
        ),
      );
    }));
  });

  it("looks at fewer days as if there were no others", () => {
    fc.assert(fc.property(cases, fc.nat(29), fc.nat(29), (one, left, right) => {
      const [from, to] = [Math.min(left, right), Math.max(left, right)].map(dayAt) as [Day, Day];
      const { isDaily, timeZone } = one;
      const calendar = calendarOf(one);
      const at = { now: dayStart(dayAt(40), timeZone), settled: dayStart(dayAt(20), timeZone) };
      const all = expectedOf(calendar, { from: FIRST, to: dayAt(29), isDaily, timeZone });
      const few = expectedOf(calendar, { from, to, isDaily, timeZone });
      expect(inspect(within(all, from, to), knownOf(one), at)).toEqual(inspect(few, knownOf(one), at));
    }));
  });
});

describe("a series with all there is to say", () => {
  const timeZone = "Asia/Kolkata";
  const start = (day: Day) => dayStart(day, timeZone);
  /** A week's sessions: Monday 2026-11-09 to Friday, and the weekend after. */
  const calendar: Calendar = {
    ...calendarOf({
      timeZone,
      isDaily: true,
      days: [],
      failure: undefined,
      begun: 0,
      open: 0,
      isOld: false,
    }),
    from: "2000-01-01",
    to: "2026-12-31",
  };
  const known: Knowledge = {
    covered: {
      final: RangeSet.fromRanges([
        { from: start("2026-11-02"), to: start("2026-11-11") },
        { from: start("2026-11-12"), to: start("2026-11-13") },
      ]),
      open: { from: start("2026-11-16"), to: start("2026-11-16") + 11 * HOUR, fetchedAt: 0 },
    },
    present: new Map([
      ["2026-11-06", true],
      ["2026-11-10", true],
      ["2026-11-12", true],
      ["2026-11-15", false],
      ["2026-11-16", false],
    ]),
    firstEver: "2026-11-06",
    rejected: new Set(["2026-11-08"]),
    failure: { from: start("2026-11-14"), to: start("2026-11-15"), message: "HTTP 503", tries: 8 },
  };
  const found = inspect(
    expectedOf(calendar, { from: "2026-11-04", to: "2026-11-30", isDaily: true, timeZone }),
    known,
    { now: start("2026-11-16") + 12 * HOUR, settled: start("2026-11-16") },
  );

  it("shows every reason; a half-day that was not fetched again is missing", () => {
    expect(found).toEqual({
      expected: 10,
      present: 3,
      holes: [
        { from: "2026-11-04", to: "2026-11-05", sessions: 2, reason: "before listing" },
        { from: "2026-11-07", to: "2026-11-07", sessions: 1, reason: "answered empty" },
        { from: "2026-11-08", to: "2026-11-08", sessions: 1, reason: "rejected" },
        { from: "2026-11-09", to: "2026-11-09", sessions: 1, reason: "answered empty" },
        { from: "2026-11-11", to: "2026-11-11", sessions: 1, reason: "never asked" },
        { from: "2026-11-13", to: "2026-11-13", sessions: 1, reason: "never asked" },
        {
          from: "2026-11-14",
          to: "2026-11-14",
          sessions: 1,
          reason: "failed",
          error: "HTTP 503",
          tries: 8,
        },
        { from: "2026-11-15", to: "2026-11-15", sessions: 1, reason: "never asked" },
        { from: "2026-11-16", to: "2026-11-16", sessions: 1, reason: "provisional" },
      ],
      unexpected: [],
    });
    expect(new Set(found.holes.map(({ reason }) => reason))).toEqual(new Set(reasons));
  });

  it("gives the ranges to ask for again as whole days", () => {
    const empty = found.holes.filter(({ reason }) => reason === "answered empty");
    expect(rangesOf(empty, timeZone)).toEqual([
      { from: start("2026-11-07"), to: start("2026-11-08") },
      { from: start("2026-11-09"), to: start("2026-11-10") },
    ]);
  });
});

describe("Completeness.unfetched", () => {
  it("without a calendar tells which days were never fetched or failed, each once, in order", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { begun, days, open, timeZone } = one;
        const holes = unfetched(
          knownOf(one),
          { from: FIRST, to: dayAt(days.length - 1), timeZone },
          dayStart(dayAt(begun - open), timeZone),
        );
        days.forEach(({ isFetched }, index) => {
          const own = holes.filter((hole) => isIn(hole, dayAt(index))).map(({ reason }) => reason);
          const wanted = isFetched || index >= begun - open
            ? []
            : [hasFailed(one, index) ? "failed" : "never asked"];
          expect(own).toEqual(wanted);
        });
        for (const [at, hole] of holes.entries()) {
          expect(hole.sessions).toBe(null);
          expect(hole.to < (holes[at + 1]?.from ?? "9999-12-31")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
