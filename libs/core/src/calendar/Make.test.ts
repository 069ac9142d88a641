import { describe, expect, it } from "@effect/vitest";
import { Effect, Result } from "effect";
import * as fc from "fast-check";
import * as Calendar from "../Calendar.ts";
import { addDays, dayOf, dayStart } from "../MarketTime.ts";

const of = (exchange: string) =>
  Effect.runPromise(
    Effect.flatMap(Calendar.Calendars, (calendars) => calendars.of(exchange)) as Effect.Effect<
      Calendar.Calendar | undefined
    >,
  );
const days = fc.date({ min: new Date("1985-01-01"), max: new Date("2040-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const utc = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString();

describe.each(Calendar.builtInExchanges)("the calendar of %s", (exchange) => {
  it("has a session or a reason to be closed for every day, never both", async () => {
    const calendar = await of(exchange);
    fc.assert(
      fc.property(days, (day) => {
        expect(calendar!.sessionOn(day) === undefined).toBe(calendar!.closedFor(day) !== undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the periods of a session in order and within its day", async () => {
    const calendar = await of(exchange);
    fc.assert(
      fc.property(days, (day) => {
        const session = calendar!.sessionOn(day);
        if (session === undefined) return;
        const { timeZone } = calendar!;
        expect(session.day).toBe(day);
        expect([session.opens, session.closes]).toEqual([
          session.periods[0]?.from,
          session.periods.at(-1)?.to,
        ]);
        let before = dayStart(day, timeZone);
        for (const { from, to } of session.periods) {
          expect(from).toBeGreaterThanOrEqual(before);
          expect(to).toBeGreaterThan(from);
          before = to;
        }
        expect(dayOf(session.closes - 1, timeZone)).toBe(day);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the sessions between two days in order, and none of the others", async () => {
    const calendar = await of(exchange);
    fc.assert(fc.property(days, fc.integer({ min: -3, max: 40 }), (from, length) => {
      const to = addDays(from, length);
      const sessions = Calendar.sessionsBetween(calendar!, from, to);
      const expected = Array.from({ length: Math.max(0, length + 1) }, (_, index) => addDays(from, index))
        .filter((day) => calendar!.closedFor(day) === undefined);
      expect(sessions.map(({ day }) => day)).toEqual(expected);
      expect(sessions.map(({ opens }) => opens)).toEqual(
        sessions.map(({ opens }) => opens).sort((a, b) => a - b),
      );
    }));
  });
});

describe("hours", () => {
  it.each([
    ["NSE", "2009-12-31", "04:25", "10:00"],
    ["NSE", "2010-01-04", "03:30", "10:00"],
    ["NSE", "2010-10-15", "03:30", "10:00"],
    ["NSE", "2010-10-18", "03:45", "10:00"],
    ["NSE", "2026-07-31", "03:45", "10:00"],
    ["NSE", "2026-08-03", "03:45", "10:05"],
    ["NFO", "2026-07-31", "03:45", "10:00"],
    ["NFO", "2026-08-03", "03:45", "10:10"],
    ["BFO", "2009-12-31", "04:25", "10:00"],
    // Clocks in New York went forward on 2024-03-10 and back on 2024-11-03.
    ["NYSE", "2024-03-08", "14:30", "21:00"],
    ["NYSE", "2024-03-11", "13:30", "20:00"],
    ["NYSE", "2024-11-01", "13:30", "20:00"],
    ["NYSE", "2024-11-04", "14:30", "21:00"],
    // Until 2006 they went forward in April.
    ["NYSE", "2006-03-31", "14:30", "21:00"],
    ["NASDAQ", "2006-04-03", "13:30", "20:00"],
    ["NYSE", "2024-07-03", "13:30", "17:00"],
    ["NYSE", "2024-11-29", "14:30", "18:00"],
  ])("%s on %s: %s to %s UTC", async (exchange, day, opens, closes) => {
    const session = (await of(exchange))?.sessionOn(day);
    expect(utc(session?.opens)).toBe(`${day}T${opens}:00.000Z`);
    expect(utc(session?.closes)).toBe(`${day}T${closes}:00.000Z`);
  });

  it("a special Saturday has two periods and a name", async () => {
    const session = (await of("NSE"))?.sessionOn("2024-03-02");
    expect(session?.special).toBe("trading from the disaster recovery site");
    expect(session?.periods.map(({ from, to }) => [utc(from), utc(to)])).toEqual([
      ["2024-03-02T03:45:00.000Z", "2024-03-02T04:30:00.000Z"],
      ["2024-03-02T06:00:00.000Z", "2024-03-02T07:00:00.000Z"],
    ]);
  });

  it("a Budget Saturday has the ordinary ones", async () => {
    const session = (await of("NSE"))?.sessionOn("2025-02-01");
    expect(session?.special).toBeUndefined();
    expect(utc(session?.closes)).toBe("2025-02-01T10:00:00.000Z");
  });

  it("a Muhurat evening whose hours are not known has the ordinary ones, and says what it is", async () => {
    const session = (await of("NSE"))?.sessionOn("2013-11-03");
    expect(session?.special).toBe("Muhurat");
    expect(utc(session?.opens)).toBe("2013-11-03T03:45:00.000Z");
  });
});

describe("days outside the known ones", () => {
  it("weekdays are presumed open with the hours of that time", async () => {
    const calendar = await of("NSE");
    expect(utc(calendar?.sessionOn("1990-01-26")?.opens)).toBe("1990-01-26T04:25:00.000Z");
    expect(utc(calendar?.sessionOn("2027-01-26")?.closes)).toBe("2027-01-26T10:05:00.000Z");
    expect(calendar?.closedFor("2027-01-30")).toBe("weekend");
  });
});

describe("Calendars", () => {
  it("knows nothing of an exchange that has none, and gives the same calendar each time", async () => {
    expect(await of("MCX")).toBeUndefined();
    expect(await of("toString")).toBeUndefined();
    const calendars = await Effect.runPromise(Effect.service(Calendar.Calendars));
    expect(await Effect.runPromise(calendars.of("NSE"))).toBe(await Effect.runPromise(calendars.of("NSE")));
    expect(calendars.exchanges).toEqual(["BFO", "BSE", "NASDAQ", "NFO", "NSE", "NYSE"]);
  });

  it("can be given to a run", async () => {
    const file = {
      exchange: "X",
      source: "a test",
      asOf: "2026-01-01",
      timeZone: "UTC",
      from: "2026-01-01",
      to: "2026-12-31",
      weekend: ["friday"],
      hours: [{ from: "2026-01-01", open: "10:00", close: "11:00" }],
    };
    const placed = Result.getOrThrow(Calendar.parse("x.json", file));
    const calendars = Calendar.calendarsOf(
      ["X"],
      Effect.succeed(Result.getOrThrow(Calendar.resolve([placed]))),
    );
    const calendar = await Effect.runPromise(
      Effect.provideService(
        Effect.flatMap(Calendar.Calendars, (service) => service.of("X")),
        Calendar.Calendars,
        calendars,
      ),
    );
    expect(calendar?.closedFor("2026-01-02")).toBe("weekend");
    expect(calendar?.sessionOn("2026-01-03")?.periods.length).toBe(1);
    expect(calendar?.layers).toEqual([{ where: "x.json", source: "a test", asOf: "2026-01-01" }]);
  });
});
