import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import * as MarketTime from "./MarketTime.ts";

const INDIA = "Asia/Kolkata";
const NEW_YORK = "America/New_York";
const HOUR = 3_600_000;

const at = (text: string) => Date.parse(text);

const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) });
const zones = fc.constantFrom(INDIA, NEW_YORK, "UTC", "Australia/Sydney", "Asia/Kathmandu");

describe("MarketTime.isDay", () => {
  it("takes days that exist", () =>
    fc.assert(fc.property(instants, (instant) => {
      expect(MarketTime.isDay(new Date(instant).toISOString().slice(0, 10))).toBe(true);
    })));

  it("refuses days that do not, and other notations", () => {
    for (
      const text of [
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-1-1",
        "20240101",
        "2024-01-01T00:00:00Z",
        " 2024-01-01",
        "",
        "0000-00-00",
        // No store has a year 0.
        "0000-01-01",
      ]
    ) expect(MarketTime.isDay(text), text).toBe(false);
  });
});

describe("MarketTime.dayFinder", () => {
  it("finds the day of any instant, in any order, also where clocks change", () =>
    fc.assert(fc.property(zones, fc.array(instants, { maxLength: 20 }), (zone, some) => {
      const find = MarketTime.dayFinder(zone);
      const near = some.flatMap((instant) => [instant, instant + HOUR, instant - 12 * HOUR]);
      expect(near.map(find)).toEqual(near.map((instant) => MarketTime.dayOf(instant, zone)));
    })));
});

describe("MarketTime in India", () => {
  it("a day runs from 18:30 to 18:30 UTC", () => {
    expect(MarketTime.dayOf(at("2024-03-01T18:29:59.999Z"), INDIA)).toBe("2024-03-01");
    expect(MarketTime.dayOf(at("2024-03-01T18:30:00Z"), INDIA)).toBe("2024-03-02");
    expect(MarketTime.dayStart("2024-03-02", INDIA)).toBe(at("2024-03-01T18:30:00Z"));
    expect(MarketTime.startOfDay(at("2024-03-02T10:00:00Z"), INDIA)).toBe(at("2024-03-01T18:30:00Z"));
  });

  it("a time of day comes round every day, and is over when it is there", () => {
    const six = (stamp: string) => MarketTime.nextTime(at(`${stamp}+05:30`), "06:00", INDIA);
    expect(six("2026-01-09T05:59:59")).toBe(at("2026-01-09T06:00:00+05:30"));
    expect(six("2026-01-09T06:00:00")).toBe(at("2026-01-10T06:00:00+05:30"));
    expect(six("2026-01-09T23:30:00")).toBe(at("2026-01-10T06:00:00+05:30"));
    expect(six("2026-01-10T00:30:00")).toBe(at("2026-01-10T06:00:00+05:30"));
  });

  it("an instant is shown as clocks there show it", () => {
    expect(MarketTime.clockText(at("2023-09-06T05:45:59.999Z"), INDIA)).toBe("2023-09-06 11:15:59");
    expect(MarketTime.clockText(at("2023-09-06T18:30:00Z"), INDIA)).toBe("2023-09-07 00:00:00");
  });

  it("the bootstrap date begins at midnight in India", () => {
    expect(MarketTime.dayStart("1995-01-01", INDIA)).toBe(at("1995-01-01T00:00:00+05:30"));
  });
});

describe("MarketTime in New York", () => {
  it("follows summer time", () => {
    expect(MarketTime.dayStart("2024-01-15", NEW_YORK)).toBe(at("2024-01-15T05:00:00Z"));
    expect(MarketTime.dayStart("2024-07-15", NEW_YORK)).toBe(at("2024-07-15T04:00:00Z"));
    expect(MarketTime.dayOf(at("2024-07-15T03:59:59Z"), NEW_YORK)).toBe("2024-07-14");
  });

  it("the day the clocks go forward has 23 hours, the day they go back 25", () => {
    const length = (day: string) =>
      MarketTime.dayStart(MarketTime.addDays(day, 1), NEW_YORK) - MarketTime.dayStart(day, NEW_YORK);
    expect(length("2024-03-10")).toBe(23 * HOUR);
    expect(length("2024-11-03")).toBe(25 * HOUR);
    expect(length("2024-11-04")).toBe(24 * HOUR);
  });

  it("both hours that read half past one on the day the clocks go back are of that day", () => {
    for (const instant of [at("2024-11-03T05:30:00Z"), at("2024-11-03T06:30:00Z")]) {
      expect(MarketTime.dayOf(instant, NEW_YORK)).toBe("2024-11-03");
      expect(MarketTime.startOfDay(instant, NEW_YORK)).toBe(at("2024-11-03T04:00:00Z"));
    }
  });
});

describe("MarketTime in any zone", () => {
  it("an instant lies in its day", () =>
    fc.assert(fc.property(instants, zones, (instant, zone) => {
      const day = MarketTime.dayOf(instant, zone);
      expect(MarketTime.isDay(day)).toBe(true);
      expect(MarketTime.dayStart(day, zone)).toBeLessThanOrEqual(instant);
      expect(MarketTime.dayStart(MarketTime.addDays(day, 1), zone)).toBeGreaterThan(instant);
      expect(MarketTime.startOfDay(instant, zone)).toBe(MarketTime.dayStart(day, zone));
    })));

  it("addDays counts calendar days", () =>
    fc.assert(fc.property(instants, fc.integer({ min: -5_000, max: 5_000 }), (instant, count) => {
      const day = new Date(instant).toISOString().slice(0, 10);
      const later = MarketTime.addDays(day, count);
      expect(MarketTime.addDays(later, -count)).toBe(day);
      expect(Date.parse(later) - Date.parse(day)).toBe(count * 24 * HOUR);
    })));
});
