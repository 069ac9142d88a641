import type { InstrumentRow } from "@candlewick/core";
import { listing } from "@candlewick/core/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentExpiry, expiriesOf, type Futures, mapFutures } from "./futures.ts";
import { underlyingOf } from "./listing.ts";
import { FAR, makeListings, NEAR, rulesOf } from "./testing/market.ts";

const { equity, future, index, option } = makeListings();

const told = ({ leftOut, mapped, others, undecided, unmapped }: Futures) => ({
  mapped: mapped.map((one) => `${one.future.tradingsymbol} ${one.equity.tradingsymbol}`),
  unmapped: unmapped.map((one) => `${one.future.tradingsymbol}: ${one.reason}`),
  undecided: undecided.map((one) => one.future.tradingsymbol),
  leftOut: Object.fromEntries(leftOut.byExpiry),
  tests: leftOut.tests,
  others,
});

const nothing = { mapped: [], unmapped: [], undecided: [], leftOut: {}, tests: 0, others: 0 };

/** A future of a vendor whose segments do not tell what it is on. */
const untold = { segment: "NFO-FUT" };

describe("the equity of a future", () => {
  it.each<[string, ReadonlyArray<InstrumentRow>, Partial<ReturnType<typeof told>>]>([
    ["is the listing of its name in series EQ, whatever else bears it", [
      equity("TATA", "D1"),
      equity("TATA", "BE"),
      equity("TATA"),
    ], { mapped: ["TATA26NOVFUT TATA-EQ"] }],
    ["is in another series in which shares trade, when there is no EQ", [
      equity("TATA", "BZ"),
      equity("TATA", "BE"),
    ], { mapped: ["TATA26NOVFUT TATA-BE"] }],
    ["may be listed without a series", [listing(1, "TATA", { tick_size: "0.05", name: "TATA MOTORS" })], {
      mapped: ["TATA26NOVFUT TATA"],
    }],
    ["may bear the name and another symbol", [listing(1, "TTMT", { tick_size: "0.05", name: "TATA" })], {
      mapped: ["TATA26NOVFUT TTMT"],
    }],
    [
      "is none of several of the same rank",
      [equity("TATA"), equity("TATA", "EQ", { tradingsymbol: "TATA" })],
      {
        unmapped: ["TATA26NOVFUT: several equities of NSE bear its name: TATA, TATA-EQ"],
      },
    ],
    ["is no bond or warrant of its name", [equity("TATA", "N1"), equity("TATA", "D1")], {
      unmapped: ["TATA26NOVFUT: no equity of NSE bears its name, only TATA-D1, TATA-N1"],
    }],
    ["is no index of its name", [index("TATA")], {
      unmapped: ["TATA26NOVFUT: no equity of NSE bears its name"],
    }],
    ["is no other contract", [future("TATA"), option("TATA", "10", "CE")], {
      unmapped: ["TATA26NOVFUT: no equity of NSE bears its name"],
    }],
  ])("%s", (_, cash, expected) => {
    expect(told(mapFutures([future("TATA")], NEAR, rulesOf(cash)))).toEqual({ ...nothing, ...expected });
  });

  it("is said to be unusual where it is", () => {
    const noteOf = (cash: ReadonlyArray<InstrumentRow>) =>
      mapFutures([future("TATA")], NEAR, rulesOf(cash)).mapped[0]!.note;
    expect(noteOf([equity("TATA")])).toBeUndefined();
    expect(noteOf([equity("TATA", "BE")])).toBe("not in series EQ, taken from BE");
    expect(noteOf([listing(1, "TTMT", { tick_size: "0.05", name: "TATA" })])).toContain("its symbol is TTMT");
  });

  it("that is gone is named", () => {
    const rules = rulesOf([], { gone: [equity("TATA")] });
    expect(told(mapFutures([future("TATA")], NEAR, rules)).unmapped).toEqual([
      "TATA26NOVFUT: its equity is delisted: TATA-EQ",
    ]);
  });

  it("is told by the symbol where names are blank", () => {
    const cash = [equity("BAJAJ-AUTO"), equity("M&M")];
    const futures = ["BAJAJ-AUTO", "M&M"].map((name) => future(name, NEAR, { name: null }));
    expect(told(mapFutures(futures, NEAR, rulesOf(cash))).mapped).toEqual([
      "BAJAJ-AUTO26NOVFUT BAJAJ-AUTO-EQ",
      "M&M26NOVFUT M&M-EQ",
    ]);
    const odd = future("X", NEAR, { name: " ", tradingsymbol: "26NOVFUT" });
    expect(told(mapFutures([odd], NEAR, rulesOf(cash))).unmapped).toEqual([
      "26NOVFUT: it bears no name, and its symbol does not tell one",
    ]);
  });

  it("is not looked for with test contracts of the exchange", () => {
    const cash = [equity("011NSETEST"), equity("TATA")];
    const futures = [future("011NSETEST", FAR), future("TATA")];
    const of = (expiry: string) => told(mapFutures(futures, expiry, rulesOf(cash)));
    expect(of(NEAR)).toMatchObject({ mapped: ["TATA26NOVFUT TATA-EQ"], tests: 1, leftOut: {} });
    expect(of(FAR).unmapped).toEqual(["011NSETEST26DECFUT: a test contract of the exchange"]);
    expect(expiriesOf(futures, rulesOf(cash))).toEqual([NEAR]);
  });
});

describe("whether a future is on a stock", () => {
  it("the vendor's segments tell, also against the name", () => {
    const rules = rulesOf([equity("TATA"), equity("NIFTY")]);
    const futures = [future("TATA"), future("NIFTY", NEAR, { segment: "NFO-FUTIDX" })];
    expect(told(mapFutures(futures, NEAR, rules))).toEqual({
      ...nothing,
      mapped: ["TATA26NOVFUT TATA-EQ"],
      others: 1,
    });
  });

  it("the name tells where they do not: an index bears it, a share did or does, or nothing can be known", () => {
    const rules = rulesOf([equity("TATA"), index("NIFTY")], {
      underlyings: undefined,
      gone: [equity("OLD")],
    });
    const futures = ["TATA", "NIFTY", "OLD", "BANKNIFTY"].map((name) => future(name, NEAR, untold));
    expect(told(mapFutures(futures, NEAR, rules))).toEqual({
      ...nothing,
      mapped: ["TATA26NOVFUT TATA-EQ"],
      unmapped: ["OLD26NOVFUT: its equity is delisted: OLD-EQ"],
      undecided: ["BANKNIFTY26NOVFUT"],
      others: 1,
    });
  });
});

const NAMES = ["TATA", "INFY", "NIFTY", "011NSETEST", "GONE"];
const EXPIRIES = [NEAR, FAR, "2027-01-26"];

const cash = fc.array(
  fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom("EQ", "BE", "N1", "INDEX")).map(([name, series]) =>
    series === "INDEX" ? index(name) : equity(name, series)
  ),
  { maxLength: 8 },
);
const futures = fc.array(
  fc.tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...EXPIRIES),
    fc.constantFrom("NFO-FUTSTK", "NFO-FUTIDX", "NFO-FUT"),
    fc.boolean(),
  ).map(([name, expiry, segment, isBlank]) =>
    future(name, expiry, { segment, ...(isBlank ? { name: null } : {}) })
  ),
  { maxLength: 12 },
);

describe("properties", () => {
  it("every future is mapped, unmapped, undecided, left out or on something else, once", () => {
    fc.assert(
      fc.property(futures, cash, cash, fc.constantFrom(...EXPIRIES), (some, listed, gone, expiry) => {
        const found = mapFutures(some, expiry, rulesOf(listed, { gone }));
        const { leftOut, mapped, others, undecided, unmapped } = found;
        const named = [...mapped, ...unmapped, ...undecided].map((one) => one.future.instrument_id);
        expect(new Set(named).size).toBe(named.length);
        const left = [...leftOut.byExpiry.values()].reduce((sum, n) => sum + n, leftOut.tests);
        expect(named.length + left + others).toBe(some.length);
        expect(leftOut.byExpiry.has(expiry)).toBe(false);
        for (const one of [...unmapped, ...undecided]) expect(one.reason).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });

  it("an equity is a current share of the future's name, in EQ if any is, and the only one of its rank", () => {
    fc.assert(
      fc.property(futures, cash, (some, listed) => {
        for (const { equity, future } of mapFutures(some, NEAR, rulesOf(listed)).mapped) {
          expect(future.expiry).toBe(NEAR);
          expect(equity.name).toBe(underlyingOf(future));
          const [, series] = equity.tradingsymbol.split("-");
          const own = listed.filter((one) => one.name === equity.name && one.tick_size !== "0");
          const inSeries = (wanted: string) => own.filter((one) => one.tradingsymbol.endsWith(`-${wanted}`));
          expect(inSeries("EQ").length === 0 ? "BE" : "EQ").toBe(series);
          expect(inSeries(series!).length).toBe(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("the order of listings makes no difference", () => {
    fc.assert(
      fc.property(futures, cash, (some, listed) => {
        const sorted = (found: Futures) => {
          const all = told(found);
          return {
            ...all,
            mapped: all.mapped.sort(),
            unmapped: all.unmapped.sort(),
            undecided: all.undecided.sort(),
          };
        };
        expect(sorted(mapFutures(some.toReversed(), NEAR, rulesOf(listed.toReversed())))).toEqual(
          sorted(mapFutures(some, NEAR, rulesOf(listed))),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("the current expiry is the nearest from today on", () => {
    const days = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.array(days), days, (expiries, today) => {
        const chosen = currentExpiry(expiries, today);
        if (chosen === undefined) {
          expect(expiries.every((one) => one < today)).toBe(true);
          return;
        }
        expect(expiries).toContain(chosen);
        expect(chosen >= today).toBe(true);
        expect(expiries.some((one) => one >= today && one < chosen)).toBe(false);
      }),
      { numRuns: 200 },
    );
    expect(currentExpiry([FAR, NEAR], NEAR)).toBe(NEAR);
  });
});
