import * as fc from "fast-check";
import { columns } from "../instruments.ts";

/** One row of a dump by column name, as text. */
export type DumpRow = Readonly<Record<typeof columns[number], string>>;

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

const written = (value: string): string => /[,"\r\n]/.test(value) ? quoted(value) : value;

/** A dump as the vendor writes it: names in quotes, the rest bare. */
export const writeDump = (rows: ReadonlyArray<DumpRow>, lineEnd = "\n"): string =>
  [
    columns.join(","),
    ...rows.map((row) =>
      columns.map((column) => column === "name" && row.name !== "" ? quoted(row.name) : written(row[column]))
        .join(",")
    ),
  ].map((line) => line + lineEnd).join("");

const digits = (min: number, max: number) => fc.integer({ min, max }).map(String);

const decimal = fc.tuple(fc.nat({ max: 500_000 }), fc.constantFrom("", ".0", ".5", ".05", ".0025", ".00"))
  .map(
    ([whole, fraction]) => `${whole}${fraction}`,
  );

const day = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2099-12-31T00:00:00Z"),
  noInvalidDate: true,
}).map((date) => date.toISOString().slice(0, 10));

const symbol = fc.string({
  unit: fc.constantFrom(..."ABMZ09-&.*` "),
  minLength: 1,
  maxLength: 20,
}).filter((text) => text.trim() !== "");

const name = fc.oneof(
  fc.constant(""),
  fc.string({ unit: fc.constantFrom(..."ABZ &.,\"'é₹ "), maxLength: 30 }),
);

/** A row that holds what a listing needs. */
export const validRow: fc.Arbitrary<DumpRow> = fc.record({
  instrument_token: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map(String),
  exchange_token: fc.oneof(fc.constant(""), digits(1, 1_000_000)),
  tradingsymbol: symbol,
  name,
  last_price: fc.constantFrom("0", "0.0", "", "17.25"),
  expiry: fc.oneof(fc.constant(""), day),
  strike: fc.oneof(fc.constant(""), fc.constant("0"), decimal),
  tick_size: fc.oneof(fc.constant(""), fc.constantFrom("0.05", "0.0", "0.0025"), decimal),
  lot_size: fc.oneof(fc.constant(""), digits(0, 1_000_000)),
  instrument_type: fc.constantFrom("EQ", "FUT", "CE", "PE"),
  segment: fc.constantFrom("NSE", "INDICES", "NFO-OPT", "MCX-FUT"),
  exchange: fc.constantFrom("NSE", "BSE", "NFO", "BFO", "CDS", "MCX"),
});

/** A listing as the vendor sends it. */
export const INFY: DumpRow = {
  instrument_token: "408065",
  exchange_token: "1594",
  tradingsymbol: "INFY",
  name: "INFOSYS",
  last_price: "0",
  expiry: "",
  strike: "0",
  tick_size: "0.05",
  lot_size: "1",
  instrument_type: "EQ",
  segment: "NSE",
  exchange: "NSE",
};

/** A dump of so many rows, all different. */
export const dumpOf = (count: number): string =>
  writeDump(Array.from({ length: count }, (_, at) => ({
    ...INFY,
    instrument_token: String(at + 1),
    tradingsymbol: `SYMBOL${at}`,
    name: `NAME, ${at} "LTD"`,
    expiry: at % 2 === 0 ? "" : "2026-08-25",
    strike: String(at),
  })));

/** What a listing cannot do without (002-P3). */
export const required = ["instrument_token", "exchange", "tradingsymbol"] as const;
