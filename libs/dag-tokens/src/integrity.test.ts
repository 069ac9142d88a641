import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenRow } from "./datasets.ts";
import { mapFutures } from "./futures.ts";
import { violations } from "./integrity.ts";
import { takeOptions } from "./options.ts";
import { tokenRows } from "./rows.ts";
import { FAR, makeListings, NEAR, rulesOf } from "./testing/market.ts";

const times = { dump: 1, cashDump: 2, now: 3 };

/** The table of some stocks, each with its number of options. */
const tableOf = (stocks: ReadonlyArray<number>): ReadonlyArray<TokenRow> => {
  const { equity, future, option } = makeListings();
  const names = stocks.map((_, at) => `S${at}`);
  const rules = rulesOf(names.map((name) => equity(name)));
  const futures = mapFutures(names.map((name) => future(name)), NEAR, rules);
  const options = names.flatMap((name, at) =>
    Array.from({ length: stocks[at]! }, (_, n) => option(name, String(100 + n), "CE"))
  );
  return tokenRows(futures.mapped, takeOptions(options, futures, rules).taken, times);
};

const stocks = fc.array(fc.nat(3), { minLength: 2, maxLength: 6 });

/** Changes one row, chosen among those of a type. */
const changed = (
  rows: ReadonlyArray<TokenRow>,
  type: string,
  pick: number,
  change: (row: TokenRow) => Partial<TokenRow>,
): ReadonlyArray<TokenRow> => {
  const at = rows.flatMap((row, index) => (row.token_type === type ? [index] : []));
  const chosen = at[pick % at.length];
  return rows.map((row, index) => (index === chosen ? { ...row, ...change(row) } : row));
};

const STRANGER = 1_000_000;

const faults: ReadonlyArray<
  readonly [
    string,
    (rows: ReadonlyArray<TokenRow>, pick: number) => ReadonlyArray<TokenRow>,
    RegExp,
  ]
> = [
  [
    "a future whose equity is not there",
    (rows, pick) => changed(rows, "FUTURES", pick, () => ({ equity_id: STRANGER })),
    /has no equity in the table/,
  ],
  [
    "a future without an equity",
    (rows, pick) => changed(rows, "FUTURES", pick, () => ({ equity_id: null })),
    /has no equity in the table/,
  ],
  [
    "a future that names itself",
    (rows, pick) => changed(rows, "FUTURES", pick, (row) => ({ equity_id: row.instrument_id })),
    /has no equity in the table/,
  ],
  [
    "an equity without a future",
    (rows, pick) => changed(rows, "EQUITY", pick, () => ({ futures_id: null })),
    /EQUITY .* has no future in the table/,
  ],
  ["an equity with another's future", (rows, pick) =>
    changed(rows, "EQUITY", pick, (row) => ({
      futures_id: rows.find((one) => one.token_type === "FUTURES" && one.equity_id !== row.instrument_id)!
        .instrument_id,
    })), /which is of another equity/],
  ["an equity that no future brought", (rows) => [
    ...rows,
    { ...rows.find((row) => row.token_type === "EQUITY")!, instrument_id: STRANGER, token: STRANGER },
  ], /which is of another equity/],
  [
    "an option whose future is not there",
    (rows, pick) => changed(rows, "OPTIONS", pick, () => ({ futures_id: STRANGER })),
    /OPTIONS .* has no future in the table/,
  ],
  [
    "an option whose equity is not there",
    (rows, pick) => changed(rows, "OPTIONS", pick, () => ({ equity_id: STRANGER })),
    /OPTIONS .* has no equity in the table/,
  ],
  [
    "an option of one stock with the future of another",
    (rows, pick) =>
      changed(rows, "OPTIONS", pick, (row) => ({
        futures_id: rows.find((one) => one.token_type === "FUTURES" && one.equity_id !== row.equity_id)!
          .instrument_id,
      })),
    /which is of another equity/,
  ],
  [
    "an option of another expiry",
    (rows, pick) => changed(rows, "OPTIONS", pick, () => ({ expiry: FAR })),
    /expires on 2026-12-29/,
  ],
  [
    "a future without an expiry",
    (rows, pick) => changed(rows, "FUTURES", pick, () => ({ expiry: null })),
    /expires on/,
  ],
  ["a token that is there twice", (rows, pick) =>
    changed(rows, "FUTURES", pick, (row) => ({
      token: rows.find((one) => one.exchange === row.exchange && one !== row)!.token,
    })), /share the token/],
  ["a listing that is there twice", (rows, pick) => [...rows, rows[pick % rows.length]!], /are one listing/],
  [
    "a row of no type",
    (rows, pick) => changed(rows, "EQUITY", pick, () => ({ token_type: "BOND" })),
    /is of no known type/,
  ],
];

describe("the token table", () => {
  it("as it is made is whole", () => {
    fc.assert(
      fc.property(stocks, (some) => {
        const rows = tableOf(some);
        expect(rows.length).toBe(2 * some.length + some.reduce((sum, n) => sum + n, 0));
        expect(violations(rows)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(violations([])).toEqual([]);
  });

  it("may hold the same token on two exchanges, and two futures on one equity", () => {
    const { equity, future, option } = makeListings();
    const share = equity("S", "EQ", { instrument_token: 7 });
    const rules = rulesOf([share]);
    const both = [future("S", NEAR, { instrument_token: 7 }), future("S", NEAR)];
    const futures = mapFutures(both, NEAR, rules);
    const { taken } = takeOptions([option("S", "100", "CE")], futures, rules);
    const rows = tokenRows(futures.mapped, taken, times);
    expect(rows.map((row) => [row.token_type, row.futures_id])).toEqual([
      ["FUTURES", null],
      ["FUTURES", null],
      ["EQUITY", both[0]!.instrument_id],
      ["OPTIONS", both[0]!.instrument_id],
    ]);
    expect(violations(rows)).toEqual([]);
  });

  it.each(faults)("is not whole with %s", (_, spoil, message) => {
    fc.assert(
      fc.property(stocks, fc.nat(), (some, pick) => {
        expect(violations(spoil(tableOf([1, ...some]), pick)).join("\n")).toMatch(message);
      }),
      { numRuns: 100 },
    );
  });

  it("is not whole without any one of its futures or equities", () => {
    fc.assert(
      fc.property(stocks, fc.nat(), (some, pick) => {
        const rows = tableOf(some);
        const gone = pick % (2 * some.length);
        expect(violations(rows.toSpliced(gone, 1))).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
