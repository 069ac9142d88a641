import { Calendar } from "@candlewick/core";
import { Effect, Result } from "effect";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname ?? ".", "../../../..");
const recordings = join(process.env["CANDLEWICK_SHARED"] ?? join(root, "../shared"), "recordings");
const isThere = existsSync(recordings);

const descriptions = Result.getOrThrow(Calendar.resolve(await Effect.runPromise(Calendar.builtIn)));
const described = (exchange: string) => descriptions.get(exchange)!;
const nse = Calendar.make(described("NSE"));
const nyse = Calendar.make(described("NYSE"));

describe("the calendars that come with the program", () => {
  it("are all the files there are", () => {
    const files = readdirSync(join(root, "libs/core/calendars")).map((name) => basename(name, ".json"));
    expect(files.sort()).toEqual(Calendar.builtInExchanges);
  });
});

const text = (path: string) => readFileSync(join(recordings, path), "utf8");
const rows = (path: string) => text(path).trim().split(/\r?\n/).slice(1).map((line) => line.split(","));
const daysIn = (path: string) => [...text(path).matchAll(/"(\d{4}-\d{2}-\d{2})T/g)].map((match) => match[1]!);

describe.skipIf(!isThere)("the recordings agree (needs ../shared/recordings)", () => {
  const series = isThere
    ? readdirSync(join(recordings, "kite/historical")).filter((token) =>
      existsSync(join(recordings, "kite/historical", token, "day.json"))
    )
    : [];

  it("NSE's sessions are exactly the days of every recorded daily series", () => {
    const ours = Calendar.sessionsBetween(nse, "2020-07-14", "2026-01-09").map(({ day }) => day);
    expect(series.length).toBe(24);
    for (const token of series) expect(daysIn(`kite/historical/${token}/day.json`)).toEqual(ours);
  });

  it("the recorded hourly series lack one session: 2025-01-09", () => {
    for (const token of series) {
      const recorded = new Set(daysIn(`kite/historical/${token}/60minute.json`));
      const ours = Calendar.sessionsBetween(nse, "2024-12-05", "2026-01-09").map(({ day }) => day);
      expect(ours.filter((day) => !recorded.has(day))).toEqual(["2025-01-09"]);
      expect([...recorded].filter((day) => !ours.includes(day))).toEqual([]);
    }
  });

  it("the recorded hourly candles begin within the periods of their session", () => {
    for (const token of series) {
      const stamps = [
        ...text(`kite/historical/${token}/60minute.json`).matchAll(/"(\d{4}-\d\d-\d\dT[^"]+)"/g),
      ];
      const outside = stamps.map((match) => match[1]!).filter((stamp) => {
        const at = Date.parse(stamp);
        return !nse.sessionOn(stamp.slice(0, 10))?.periods.some(({ from, to }) => at >= from && at < to);
      });
      expect(outside).toEqual([]);
    }
  });

  it("NSE's closed weekdays are those of the recorded list but for special sessions", () => {
    const { closed, special } = described("NSE");
    const listed = rows("calendars/xbom_holidays.csv").map(([day]) => day!);
    const isWeekend = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0;
    expect(listed.length).toBe(449);
    expect(listed.filter((day) => nse.sessionOn(day) !== undefined && !special.has(day))).toEqual([]);
    expect([...closed.keys()]).toEqual(listed.filter((day) => !isWeekend(day) && !special.has(day)));
  });

  it("NYSE's closed days and early closes are those of the recorded lists, as far as these reach", () => {
    const { closed, special } = described("NYSE");
    const listed = rows("calendars/xnys_holidays.csv").map(([day]) => day!);
    const end = listed.at(-1)!;
    // The list begins after New Year's Day of 1990.
    expect([...closed.keys()].filter((day) => day <= end)).toEqual(["1990-01-01", ...listed]);
    const early = rows("calendars/xnys_early_closes.csv");
    expect([...special.keys()].filter((day) => day <= end)).toEqual(early.map(([day]) => day));
    for (const [day, close] of early) {
      expect(nyse.sessionOn(day!)?.closes).toBe(Date.parse(close!));
    }
  });
});
