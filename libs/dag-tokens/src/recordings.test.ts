import { instrumentMaster, type InstrumentRow, type MarketTime } from "@candlewick/core";
import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { isIndex } from "./equities.ts";
import { currentExpiry, expiriesOf, mapFutures } from "./futures.ts";
import { violations } from "./integrity.ts";
import { takeOptions } from "./options.ts";
import { tokenRows } from "./rows.ts";
import { rulesOf } from "./testing/market.ts";
import { angelOne, kite, NEEDS_RECORDINGS, present } from "./testing/recordings.ts";
import { dump, india, onTestClock, setting } from "./testing/setting.ts";

/** The first expiry in the dump is that of 16 September 2025, and none of the week before is there. */
const DUMPED = "2025-09-15";

describe.skipIf(!present)(`Angel One's scrip master ${NEEDS_RECORDINGS}`, () => {
  const run = Effect.gen(function* () {
    const at = yield* setting(angelOne(["NSE", "NFO"]), {
      info: { tokenType: "text" },
      now: india(DUMPED, "10:00"),
    });
    return { at, summary: yield* at.run() };
  });

  it("every stock future of the current expiry has its equity, and all options of it are taken", () =>
    onTestClock(Effect.gen(function* () {
      const { at, summary } = yield* run;
      expect(summary.outcome).toBe("done");
      expect(summary.counts).toMatchObject({
        futures: 209,
        equities: 209,
        options: 10_646,
        unmapped: 0,
        undecided: 0,
        // 208 of each of the two later expiries, and 18 test contracts of 2036.
        leftOut: 434,
        others: 15,
        rejected: 0,
        optionsUnmapped: 0,
        optionsUndecided: 0,
      });
      expect(summary.details!.at(-1)).toEqual({
        kind: "left out",
        byExpiry: { "2025-10-28": 208, "2025-11-25": 208 },
        tests: 18,
        others: 15,
      });
      const futures = at.rows("FUTURES");
      expect(new Set(futures.map(({ expiry }) => expiry))).toEqual(new Set(["2025-09-30"]));
      const equities = new Map(at.rows("EQUITY").map((row) => [row.instrument_id, row]));
      for (const future of futures) {
        expect(equities.get(future.equity_id!)!.tradingsymbol).toBe(`${future.name}-EQ`);
      }
      expect(violations(at.rows())).toEqual([]);
    })));

  it("every future of the exchange is mapped, unmapped, left out or not on a stock", () =>
    onTestClock(Effect.gen(function* () {
      const { at, summary: { counts } } = yield* run;
      const all = at.sink.rows(instrumentMaster({ id: "pretend", tokenType: "text" })).filter((row) =>
        row.exchange === "NFO" && row.instrument_type === "FUT"
      );
      expect(counts.futures! + counts.unmapped! + counts.undecided! + counts.leftOut! + counts.others!).toBe(
        all.length,
      );
    })));

  it("its strikes lie as a plain count of the file has them", () =>
    onTestClock(Effect.gen(function* () {
      const { at, summary } = yield* run;
      expect(summary.details![0]).toEqual({
        kind: "strikes of all",
        expiry: "2025-09-30",
        underlyings: 209,
        strikes: 5_465,
        calls: 5_294,
        puts: 5_352,
        fewest: 11,
        median: 25,
        most: 51,
        withGaps: 23,
        withLoneStrikes: 132,
      });
      const rows = at.sink.rows(at.tables.strikes);
      expect(rows.length).toBe(209);
      const of = (name: string) => rows.find((row) => row.name === name);
      // A share with a plain ladder, and one whose strikes a corporate action has moved.
      expect(of("SBIN")).toMatchObject({
        strikes: 25,
        step: "10",
        irregular_steps: 2,
        lone_puts: 1,
        gaps: 0,
      });
      expect(of("PATANJALI")).toMatchObject({ strikes: 35, step: "6.65", lone_calls: 2, gaps: 2 });
    })));

  it("the futures of the BSE find the equities of the BSE, whose symbols bear no series", () =>
    onTestClock(Effect.gen(function* () {
      const at = yield* setting(angelOne(["BSE", "BFO"]), {
        info: {
          tokenType: "text",
          exchanges: ["BSE", "BFO"],
          underlyings: { "BFO-FUTSTK": "stock", "BFO-OPTSTK": "stock", "BFO-FUTIDX": "index" },
        },
        now: india(DUMPED, "10:00"),
      });
      yield* at.sink.upsert(at.tables.dumps, [dump("BFO"), dump("BSE")]);
      const { counts, outcome } = yield* at.run({ exchange: "BFO", cashExchange: "BSE" });
      expect([outcome, counts]).toMatchObject(["done", { futures: 206, equities: 206, options: 12_418 }]);
      expect(counts).toMatchObject({ leftOut: 417, others: 9, unmapped: 0, undecided: 0, rejected: 0 });
      expect(at.rows("EQUITY").every((row) => row.tradingsymbol === row.name)).toBe(true);
    })));

  it("a test contract of the exchange is unmapped when its expiry is asked for", () =>
    onTestClock(Effect.gen(function* () {
      const { at } = yield* run;
      const error = yield* Effect.flip(at.run({ expiry: "2036-11-27" }));
      expect(error.message).toContain("futures on stocks expire on 2025-09-30, 2025-10-28, 2025-11-25");
    })));
});

/** Kite's segments do not tell stocks from indices: names do, where there are any. */
const derived = (rows: ReadonlyArray<InstrumentRow>, expiry?: MarketTime.Day) => {
  const cash = rows.filter((row) => row.exchange === "NSE");
  const rules = rulesOf(cash, { underlyings: undefined });
  const of = (...types: ReadonlyArray<string>) =>
    rows.filter((row) => row.exchange === "NFO" && types.includes(row.instrument_type));
  const expiries = expiriesOf(of("FUT"), rules);
  const chosen = expiry ?? currentExpiry(expiries, "2019-01-01")!;
  const futures = mapFutures(of("FUT"), chosen, rules);
  const options = takeOptions(of("CE", "PE").filter((row) => row.expiry === chosen), futures, rules);
  return { cash, expiries, futures, options };
};

describe.skipIf(!present)(`Kite's dumps ${NEEDS_RECORDINGS}`, () => {
  it.each([
    ["2019-04-02.csv", "2019-04-25", 196, 13_326, 388, 72],
    ["2019-10-25.csv", "2019-10-31", 149, 11_616, 402, 59],
  ])("%s: names are blank, so symbols tell", (file, expiry, mapped, taken, undecided, indices) => {
    const { cash, expiries, futures, options } = derived(kite(file));
    expect(expiries[0]).toBe(expiry);
    expect(futures.mapped.length).toBe(mapped);
    for (const { equity, future } of futures.mapped) {
      expect(future.tradingsymbol.startsWith(equity.tradingsymbol)).toBe(true);
      expect(equity.segment).toBe("NSE");
    }
    expect([futures.unmapped, options.rejected]).toEqual([[], []]);
    expect([...options.unmapped]).toEqual([]);
    // The index "NIFTY 50" does not bear the name NIFTY, so that these are on indices cannot be known.
    expect(futures.undecided.map(({ underlying }) => underlying).sort()).toEqual([
      "BANKNIFTY",
      "NIFTY",
      "NIFTYIT",
    ]);
    expect(options.taken.length).toBe(taken);
    expect([...options.undecided.values()].reduce((sum, n) => sum + n, 0)).toBe(undecided);
    expect(violations(tokenRows(futures.mapped, options.taken, { dump: 1, cashDump: 1, now: 1 }))).toEqual(
      [],
    );
    expect(cash.filter((row) => isIndex(row)).map(({ segment }) => segment)).toEqual(
      Array.from({ length: indices }, () => expect.stringContaining("INDICES")),
    );
    expect(cash.filter((row) => row.segment === "NSE" && isIndex(row))).toEqual([]);
  });

  it("2026-08-14.csv: without the listings of the NSE nothing can be known, and no future is lost", () => {
    const { expiries, futures, options } = derived(kite("2026-08-14.csv"), "2026-08-25");
    expect(expiries).toEqual([]);
    expect([futures.mapped, futures.unmapped, options.taken]).toEqual([[], [], []]);
    expect(futures.undecided.length).toBe(214);
    expect(new Set(futures.undecided.map(({ reason }) => reason))).toEqual(
      new Set(["no equity of NSE bears its name"]),
    );
    expect(Object.fromEntries(futures.leftOut.byExpiry)).toEqual({ "2026-09-29": 213, "2026-10-27": 213 });
  });

  it("2026-08-14.csv: with equities for some names, those are mapped, by name", () => {
    const shares = kite("2019-10-25.csv").filter((row) => row.exchange === "NSE").map((row) => ({
      ...row,
      instrument_id: -row.instrument_id,
    }));
    const { futures, options } = derived([...kite("2026-08-14.csv"), ...shares], "2026-08-25");
    expect(futures.mapped.length + futures.undecided.length).toBe(214);
    const names = new Set(shares.map(({ tradingsymbol }) => tradingsymbol));
    for (const { future } of futures.mapped) expect(names.has(future.name!)).toBe(true);
    for (const { future } of futures.undecided) expect(names.has(future.name!)).toBe(false);
    expect(futures.mapped.length).toBeGreaterThan(100);
    expect([options.rejected, futures.unmapped]).toEqual([[], []]);
  });
});
