import { describe, expect, it } from "@effect/vitest";
import { Effect, Result } from "effect";
import { addDays } from "../MarketTime.ts";
import { builtIn, builtInExchanges } from "./BuiltIn.ts";
import { make } from "./Make.ts";
import { parse } from "./Parse.ts";
import { type Description, resolve } from "./Resolve.ts";

const described = async (exchange: string): Promise<Description> =>
  Result.getOrThrow(resolve(await Effect.runPromise(builtIn))).get(exchange)!;
const calendar = async (exchange: string) => make(await described(exchange));

describe("the files that come with the program", () => {
  it.each(builtInExchanges)("%s has no problem, and is a file of its own exchange", async (exchange) => {
    const placed = (await Effect.runPromise(builtIn)).filter(({ file }) => file.exchange === exchange);
    expect(placed.map(({ where, file }) => parse(where, file))).toEqual(placed.map(Result.succeed));
    expect(placed.length).toBe(1);
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
