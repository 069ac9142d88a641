import { describe, expect, it } from "@effect/vitest";
import { Effect, Result } from "effect";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { addDays } from "../MarketTime.ts";
import { builtIn, builtInExchanges } from "./BuiltIn.ts";
import { make } from "./Make.ts";
import { parse } from "./Parse.ts";
import { type Description, resolve } from "./Resolve.ts";

const here = import.meta.dirname ?? ".";
const files = join(here, "../../calendars");
const recordings = join(
  process.env["CANDLEWICK_SHARED"] ?? join(here, "../../../../../shared"),
  "recordings",
);
const isThere = existsSync(recordings);

const described = async (exchange: string): Promise<Description> =>
  Result.getOrThrow(resolve(await Effect.runPromise(builtIn))).get(exchange)!;
const calendar = async (exchange: string) => make(await described(exchange));

describe("the files that come with the program", () => {
  it("are all read", () => {
    expect(readdirSync(files).map((name) => basename(name, ".json")).sort()).toEqual(builtInExchanges);
  });

  it.each(readdirSync(files))("%s has no problem, and its own exchange's name", (name) => {
    const parsed = parse(name, JSON.parse(readFileSync(join(files, name), "utf8")));
    expect(Result.getOrThrow(parsed).file.exchange).toBe(basename(name, ".json"));
  });

  it.each(["NSE", "NYSE"])(
    "of %s closes no weekend day, and opens none that trades anyway",
    async (exchange) => {
      const { closed, open, from, to } = await described(exchange);
      const isWeekend = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0;
      expect([...closed.keys()].filter(isWeekend)).toEqual([]);
      expect([...open.keys()].filter((day) => !isWeekend(day))).toEqual([]);
      expect([...closed.keys()].filter((day) => day < from || day > to)).toEqual([]);
    },
  );

  it("BSE and the derivatives of both close and open on the days of NSE", async () => {
    const nse = await calendar("NSE");
    for (const exchange of ["BSE", "NFO", "BFO"]) {
      const other = await calendar(exchange);
      expect([other.from, other.to]).toEqual([nse.from, nse.to]);
      for (let day = "2019-01-01"; day < "2027-01-01"; day = addDays(day, 1)) {
        expect(other.closedFor(day)).toBe(nse.closedFor(day));
      }
    }
  });

  it("NYSE keeps its yearly holidays in every year", async () => {
    const { closed } = await described("NYSE");
    for (let year = 1990; year <= 2026; year++) {
      const names = [...closed].filter(([day]) => day.startsWith(`${year}`)).map(([, name]) => name);
      for (const name of ["Presidents' Day", "Good Friday", "Labor Day", "Thanksgiving Day"]) {
        expect(names).toContain(name);
      }
    }
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

  it("NSE's sessions are exactly the days of every recorded daily series", async () => {
    const nse = await calendar("NSE");
    const ours: Array<string> = [];
    for (let day = "2020-07-14"; day <= "2026-01-09"; day = addDays(day, 1)) {
      if (nse.sessionOn(day) !== undefined) ours.push(day);
    }
    expect(series.length).toBe(24);
    for (const token of series) expect(daysIn(`kite/historical/${token}/day.json`)).toEqual(ours);
  });

  it("the recorded hourly series lack one session: 2025-01-09", async () => {
    const nse = await calendar("NSE");
    for (const token of series) {
      const recorded = new Set(daysIn(`kite/historical/${token}/60minute.json`));
      const lacking: Array<string> = [];
      for (let day = "2024-12-05"; day <= "2026-01-09"; day = addDays(day, 1)) {
        const isOpen = nse.sessionOn(day) !== undefined;
        if (isOpen && !recorded.has(day)) lacking.push(day);
        if (!isOpen) expect(recorded.has(day)).toBe(false);
      }
      expect(lacking).toEqual(["2025-01-09"]);
    }
  });

  it("the recorded hourly candles begin within the periods of their session", async () => {
    const nse = await calendar("NSE");
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

  it("NSE's closed weekdays are those of the recorded list but for special sessions", async () => {
    const { closed, special } = await described("NSE");
    const nse = await calendar("NSE");
    const listed = rows("calendars/xbom_holidays.csv").map(([day]) => day!);
    const isWeekend = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0;
    expect(listed.length).toBe(449);
    expect(listed.filter((day) => nse.sessionOn(day) !== undefined && !special.has(day))).toEqual([]);
    expect([...closed.keys()]).toEqual(listed.filter((day) => !isWeekend(day) && !special.has(day)));
  });

  it("NYSE's closed days and early closes are those of the recorded lists, as far as these reach", async () => {
    const { closed, special } = await described("NYSE");
    const nyse = await calendar("NYSE");
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
