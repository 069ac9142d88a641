import * as fc from "fast-check";
import type { MasterRow } from "../instruments.ts";

/** A share as the vendor lists it. */
export const INFY: MasterRow = {
  token: "1594",
  symbol: "INFY-EQ",
  name: "INFY",
  expiry: "",
  strike: "-1.000000",
  lotsize: "1",
  instrumenttype: "",
  exch_seg: "NSE",
  tick_size: "10.000000",
};

/** An option on a share. */
export const OPTION: MasterRow = {
  token: "100072",
  symbol: "JINDALSTEL28OCT25860CE",
  name: "JINDALSTEL",
  expiry: "28OCT2025",
  strike: "86000.000000",
  lotsize: "625",
  instrumenttype: "OPTSTK",
  exch_seg: "NFO",
  tick_size: "5.000000",
};

/** A master as the vendor writes it: one line, a blank after each comma and colon. */
export const writeMaster = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>): string =>
  `[${
    rows.map((row) =>
      `{${
        Object.entries(row).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(
          ", ",
        )
      }}`
    ).join(", ")
  }]`;

/** A master of so many shares, all different. */
export const masterOf = (count: number): string =>
  writeMaster(
    Array.from({ length: count }, (_, at) => ({ ...INFY, token: String(at + 1), symbol: `SYMBOL${at}-EQ` })),
  );

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const symbol = fc.string({ unit: fc.constantFrom(...'ABMZ09-&.%` é"\\'), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== "");

const day = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2099-12-31T00:00:00Z"),
  noInvalidDate: true,
}).map((date) => {
  const [year, month, number] = date.toISOString().slice(0, 10).split("-") as [string, string, string];
  return `${number}${MONTHS[Number(month) - 1]}${year}`;
});

const scaled = fc.nat({ max: 2_000_000_000 }).map((value) => `${value}.000000`);

/** A row of any exchange that holds what a listing needs. */
export const validRow: fc.Arbitrary<MasterRow> = fc.record({
  token: fc.oneof(fc.integer({ min: 1, max: 99_999_999 }).map(String), symbol),
  symbol,
  name: fc.oneof(fc.constant(""), symbol),
  expiry: fc.oneof(fc.constant(""), day),
  strike: fc.oneof(fc.constantFrom("-1.000000", "0.000000"), scaled),
  lotsize: fc.oneof(fc.constant("-1"), fc.nat({ max: 10_000_000 }).map(String)),
  instrumenttype: fc.constantFrom("", "AMXIDX", "INDEX", "COMDTY", "UNDCUR", "FUTSTK", "OPTSTK", "OPTFUT"),
  exch_seg: fc.constantFrom("NSE", "BSE", "NFO", "BFO", "CDS", "MCX", "NCDEX", "NCO"),
  tick_size: scaled,
}).map((row) => row.instrumenttype.startsWith("OPT") ? { ...row, symbol: `${row.symbol}CE` } : row);
