import type { InstrumentHistoryRow, InstrumentRow } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attributes, sameAttributes } from "./listing.ts";
import { decideMarking } from "./marking.ts";
import { type Changes, Reconciler } from "./reconcile.ts";

/** A store of the two datasets, as the sink would leave them. */
class Store {
  readonly master = new Map<number, InstrumentRow>();
  readonly history: Array<InstrumentHistoryRow> = [];

  load(dump: ReadonlyArray<Attributes>, now: number, mark = new Set(["NSE", "NFO"])): Changes["counts"] {
    const reconciler = new Reconciler(now);
    for (const row of this.master.values()) if (row.delisted_at === null) reconciler.hold(row);
    for (const listing of dump) reconciler.see(listing);
    const symbols = new Set(reconciler.unexplained.map((one) => one.tradingsymbol));
    const changes = reconciler.finish({
      delisted: [...this.master.values()].filter((row) =>
        row.delisted_at !== null && symbols.has(row.tradingsymbol)
      ),
      mark,
      firstId: this.master.size + 1,
    });
    for (const row of changes.rows) this.master.set(row.instrument_id, row);
    this.history.push(...changes.history);
    return changes.counts;
  }

  get current(): ReadonlyArray<InstrumentRow> {
    return [...this.master.values()].filter((row) => row.delisted_at === null);
  }

  /** Listings as they were at an instant, by the query that the documentation gives. */
  asOf(instant: number): ReadonlyArray<Attributes & { readonly instrument_id: number }> {
    return [
      ...this.history.filter((row) => row.valid_from <= instant && instant < row.valid_to),
      ...[...this.master.values()].filter((row) => row.last_updated <= instant),
    ].filter((row) => row.delisted_at === null);
  }
}

const listing = (
  fields: Partial<Attributes> & Pick<Attributes, "tradingsymbol" | "instrument_token">,
): Attributes => ({
  exchange: "NSE",
  exchange_token: null,
  instrument_type: "EQ",
  name: null,
  segment: fields.exchange ?? "NSE",
  expiry: null,
  strike: "0",
  tick_size: "0.05",
  lot_size: 1,
  ...fields,
});

const option = (tradingsymbol: string, token: number, expiry: string, strike = "100") =>
  listing({ tradingsymbol, instrument_token: token, exchange: "NFO", instrument_type: "CE", expiry, strike });

/** Small alphabets, so that symbols and tokens are reused, moved and recycled all the time. */
const listings: fc.Arbitrary<Attributes> = fc.record({
  symbol: fc.constantFrom("A", "B", "C", "D", "E"),
  token: fc.integer({ min: 1, max: 6 }),
  expiry: fc.constantFrom(null, "2019-04-25", "2019-05-30", "2019-05-02", "2026-08-25"),
  lot: fc.constantFrom(1, 75),
  name: fc.constantFrom(null, "ONE", "TWO"),
}).map(({ symbol, token, expiry, lot, name }) =>
  expiry === null
    ? listing({ tradingsymbol: symbol, instrument_token: token, lot_size: lot, name })
    : { ...option(symbol, token, expiry), lot_size: lot, name }
);

const dumps = fc.array(fc.array(listings, { maxLength: 12 }), { minLength: 1, maxLength: 6 });

const text = (row: Attributes) =>
  JSON.stringify([
    row.segment,
    row.tradingsymbol,
    row.instrument_token,
    row.instrument_type,
    row.expiry,
    row.lot_size,
    row.name,
  ]);
const sorted = (rows: ReadonlyArray<Attributes>) => rows.map(text).sort();

describe("identity of listings", () => {
  it("002-P16: complete instrument storage: after each dump the current rows are the dump, row for row", () => {
    fc.assert(
      fc.property(dumps, (history) => {
        const store = new Store();
        history.forEach((dump, day) => {
          const counts = store.load(dump, day * 10);
          expect(sorted(store.current)).toEqual(sorted(dump));
          expect(counts.inserted + counts.updated + counts.unchanged).toBe(dump.length);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("002-P8: composite key uniqueness gives way to complete storage: rows that share token and exchange are all kept, under ids of their own", () => {
    fc.assert(fc.property(fc.array(listings, { minLength: 2, maxLength: 12 }), (dump) => {
      const clash = dump.map((row) => ({ ...row, instrument_token: 7 }));
      const store = new Store();
      store.load(clash, 0);
      expect(sorted(store.current)).toEqual(sorted(clash));
      expect(new Set(store.current.map((row) => row.instrument_id)).size).toBe(clash.length);
      expect(store.load(clash, 10)).toMatchObject({ inserted: 0, updated: 0, delisted: 0 });
    }));
  });

  it("keeps every listing of every dump findable at its time, with the attributes it had then", () => {
    fc.assert(
      fc.property(dumps, (history) => {
        const store = new Store();
        history.forEach((dump, day) => store.load(dump, day * 10));
        history.forEach((dump, day) => {
          expect(sorted(store.asOf(day * 10))).toEqual(sorted(dump));
          expect(sorted(store.asOf(day * 10 + 9))).toEqual(sorted(dump));
        });
      }),
      { numRuns: 500 },
    );
  });

  it("never joins two contracts under one id, whatever their tokens and symbols", () => {
    fc.assert(
      fc.property(dumps, (history) => {
        const store = new Store();
        history.forEach((dump, day) => store.load(dump, day * 10));
        for (const row of store.master.values()) {
          for (const former of store.history.filter((one) => one.instrument_id === row.instrument_id)) {
            expect(former.instrument_type).toBe(row.instrument_type);
            expect(former.segment).toBe(row.segment);
            expect(former.expiry === null).toBe(row.expiry === null);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("002-P7: upsert idempotence: the same dump again changes nothing", () => {
    fc.assert(fc.property(dumps, (history) => {
      const store = new Store();
      history.forEach((dump, day) => store.load(dump, day * 10));
      const last = history[history.length - 1]!;
      const before = store.history.length;
      expect(store.load(last, 1_000)).toEqual({
        inserted: 0,
        updated: 0,
        renamed: 0,
        relisted: 0,
        unchanged: last.length,
        delisted: 0,
      });
      expect(store.history.length).toBe(before);
    }));
  });

  it("gives a recycled token to a new listing and delists the old", () => {
    const store = new Store();
    store.load([option("NIFTY19APR100CE", 500, "2019-04-25")], 1);
    const counts = store.load([option("BANKNIFTY19MAY200CE", 500, "2019-05-30")], 2);
    expect(counts).toMatchObject({ inserted: 1, delisted: 1, renamed: 0 });
    expect([...store.master.values()].map((row) => [row.instrument_id, row.tradingsymbol, row.delisted_at]))
      .toEqual([[1, "NIFTY19APR100CE", 2], [2, "BANKNIFTY19MAY200CE", null]]);
  });

  it("follows a rename: same token, same expiry, the old symbol gone and the new one new", () => {
    const store = new Store();
    store.load([
      listing({ tradingsymbol: "TATASPONGE", instrument_token: 9, name: "TATA SPONGE IRON" }),
      option("HINDPETRO26AUG380PE", 77, "2026-08-25", "380"),
    ], 1);
    const counts = store.load([
      listing({ tradingsymbol: "TATASTLLP", instrument_token: 9 }),
      option("HINDPETRO26AUG360.75PE", 77, "2026-08-25", "360.75"),
    ], 2);
    expect(counts).toMatchObject({ inserted: 0, updated: 2, renamed: 2, delisted: 0 });
    expect(store.asOf(1).map((row) => row.tradingsymbol)).toEqual(["TATASPONGE", "HINDPETRO26AUG380PE"]);
  });

  it("records a symbol that comes back under a new token, and a new lot size", () => {
    const store = new Store();
    store.load([option("X26AUG10CE", 1, "2026-08-25")], 1);
    store.load([{ ...option("X26AUG10CE", 2, "2026-08-25"), lot_size: 50 }], 2);
    expect(store.master.get(1)).toMatchObject({
      instrument_token: 2,
      lot_size: 50,
      created_at: 1,
      last_updated: 2,
    });
    expect(store.history).toMatchObject([{
      instrument_id: 1,
      instrument_token: 1,
      lot_size: 1,
      valid_from: 1,
      valid_to: 2,
    }]);
  });

  it("takes up a listing that returns, and shows the time it was away", () => {
    const store = new Store();
    const contract = option("X26AUG10CE", 1, "2026-08-25");
    store.load([contract], 1);
    store.load([], 2);
    const counts = store.load([{ ...contract, instrument_token: 5 }], 3);
    expect(counts).toMatchObject({ inserted: 0, relisted: 1 });
    expect([1, 2, 3].map((time) => store.asOf(time).length)).toEqual([1, 0, 1]);
  });

  it("does not give a delisted company's history to another that takes its symbol", () => {
    const store = new Store();
    store.load([listing({ tradingsymbol: "ACME", instrument_token: 1, name: "ACME IRON" })], 1);
    store.load([], 2);
    expect(store.load([listing({ tradingsymbol: "ACME", instrument_token: 2, name: "ACME SOFTWARE" })], 3))
      .toMatchObject({ inserted: 1, relisted: 0 });
  });

  it("compares decimals by value", () => {
    const row = listing({ tradingsymbol: "A", instrument_token: 1, tick_size: "0.05" });
    expect(sameAttributes(row, { ...row, tick_size: "0.050" })).toBe(true);
    expect(sameAttributes(row, { ...row, tick_size: "0.0025" })).toBe(false);
  });
});

describe("which missing listings count as delisted", () => {
  const counts = fc.array(
    fc.record({
      exchange: fc.constantFrom("NSE", "BSE", "NFO", "MCX"),
      current: fc.integer({ min: 1, max: 100 }),
      incoming: fc.nat(100),
    }),
    { maxLength: 4 },
  );

  it("marks nothing of an exchange that was not asked for, is missing, or has shrunk by more than half", () => {
    fc.assert(
      fc.property(counts, fc.subarray(["NSE", "BSE"]), fc.boolean(), (exchanges, requested, confirmed) => {
        const { mark, doubtful } = decideMarking(exchanges, { requested, confirmed });
        for (const { exchange, current, incoming } of exchanges) {
          if (requested.length > 0 && !requested.includes(exchange)) {
            expect(mark.has(exchange) || doubtful.has(exchange)).toBe(false);
          } else if (confirmed) {
            expect(mark.has(exchange)).toBe(true);
          } else if (incoming * 2 < current) {
            expect(doubtful.get(exchange)).toContain("--confirm-shrunk");
          }
        }
      }),
    );
  });

  it("keeps listings of an exchange that is not marked", () => {
    const store = new Store();
    store.load([listing({ tradingsymbol: "A", instrument_token: 1 }), option("B", 2, "2026-08-25")], 1);
    store.load([listing({ tradingsymbol: "A", instrument_token: 1 })], 2, new Set(["NSE"]));
    expect(store.current.map((row) => row.tradingsymbol)).toEqual(["A", "B"]);
  });
});
