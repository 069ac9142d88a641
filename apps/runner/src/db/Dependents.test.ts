import {
  candleCoverage,
  candleFailures,
  candleHistory,
  candleRevisions,
  instrumentDumps,
  instrumentHistory,
  instrumentMaster,
  rejectedRecords,
  restatedCandles,
  restatements,
  runs,
} from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withDependents } from "./Dependents.ts";

const ofSource = (id: string) => {
  const info = { id, tokenType: "text" } as const;
  return [
    candleCoverage(info),
    candleHistory(info),
    instrumentDumps(info),
    instrumentHistory(info),
    instrumentMaster(info),
    restatedCandles(info),
  ].map(({ name }) => name);
};

const derived = (id: string) => [`${id}_strike_distribution`, `${id}_token_derivation`, `${id}_tokens`];

const shared = [candleFailures, candleRevisions, rejectedRecords, restatements].map(({ name }) => name);

const present = [
  ...ofSource("kite"),
  ...derived("kite"),
  ...ofSource("kite-two"),
  ...shared,
  runs.name,
  "another",
];

const emptied = (...asked: ReadonlyArray<string>) =>
  withDependents(asked, present).map(({ table }) => table).sort();

describe("tables that are emptied together", () => {
  it("candles take along what says which of them were fetched", () => {
    expect(emptied("kite_ohlcv_historic")).toEqual([
      "candle_failures",
      "kite_ohlcv_coverage",
      "kite_ohlcv_historic",
      "kite_ohlcv_restated",
    ]);
  });

  it("coverage alone is fetched again, and takes nothing along", () => {
    for (
      const table of [
        "kite_ohlcv_coverage",
        "kite_instrument_dump",
        "kite_instrument_history",
        ...shared,
        "another",
      ]
    ) {
      expect(emptied(table)).toEqual([table]);
    }
  });

  it("instruments take along all that refers to their numbers, and nothing of another source or of runs", () => {
    expect(emptied("kite_instrument_master")).toEqual(
      [...ofSource("kite"), ...derived("kite"), ...shared].sort(),
    );
    expect(emptied("kite_two_instrument_master")).toEqual([...ofSource("kite-two"), ...shared].sort());
  });

  it("tokens go with what says from where they were derived", () => {
    for (const table of derived("kite")) {
      expect(emptied(table)).toEqual(table === "kite_token_derivation" ? [table] : derived("kite"));
    }
  });

  it("tables that are not there are not taken", () => {
    expect(withDependents(["kite_ohlcv_historic"], ["kite_ohlcv_historic"])).toEqual([{
      table: "kite_ohlcv_historic",
    }]);
  });

  it("those asked for come first and need no reason; each other table comes once, with one", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...present)), (asked) => {
        const all = withDependents(asked, present);
        expect(all.slice(0, asked.length)).toEqual(asked.map((table) => ({ table })));
        expect(all.slice(asked.length).every(({ because }) => because !== undefined)).toBe(true);
        const names = all.map(({ table }) => table);
        expect(new Set(names).size).toBe(names.length);
        // What is taken takes what it would take by itself.
        expect(withDependents(names, present).length).toBe(names.length);
      }),
      { numRuns: 200 },
    );
  });
});
