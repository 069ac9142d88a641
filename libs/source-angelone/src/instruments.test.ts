import { type Collected, collected } from "@candlewick/vendor-http";
import { Decimal } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fields, MasterDecoder, type MasterRow } from "./instruments.ts";
import { INFY, OPTION, validRow, writeMaster } from "./testing/masters.ts";

const decode = (text: string, exchange?: string): Collected & { readonly fault: string | undefined } => {
  const decoder = new MasterDecoder(exchange);
  const into = collected();
  const fault = decoder.push(new TextEncoder().encode(text), into) ?? decoder.end(into);
  return { ...into, fault };
};

const one = (changes: Partial<MasterRow>, base = INFY) => {
  const { fault, instruments, rejected } = decode(writeMaster([{ ...base, ...changes }]));
  expect(fault).toBeUndefined();
  return instruments[0] ?? rejected[0]!.reason;
};

const rows = fc.array(validRow, { maxLength: 12 });

describe("the scrip master", () => {
  it("002-P2: All required fields are parsed", () => {
    fc.assert(fc.property(rows, (master) => {
      const { fault, instruments, rejected } = decode(writeMaster(master));
      expect([fault, rejected]).toEqual([undefined, []]);
      expect(
        instruments.map(({ exchange, name, token, tradingsymbol }) => [token, tradingsymbol, name, exchange]),
      )
        .toEqual(
          master.map((row) => [row.token, row.symbol, row.name === "" ? null : row.name, row.exch_seg]),
        );
    }));
  });

  it("002-P3: Invalid records are rejected", () => {
    const bad = fc.tuple(
      fc.constantFrom("token", "symbol", "exch_seg", "expiry", "strike", "tick_size", "lotsize"),
      fc.constantFrom(
        "x",
        "1,5",
        "NaN",
        "1e5",
        "0x10",
        "--1",
        "31FEB2025",
        "28Oct2025",
        "2025-10-28",
        "-2.0",
        " ",
      ),
    ).map(([field, value]): readonly [string, string] => [
      field,
      ["token", "symbol", "exch_seg"].includes(field) ? " " : value,
    ]);
    fc.assert(fc.property(rows, validRow, bad, fc.nat(), (master, row, [field, value], at) => {
      const before = at % (master.length + 1);
      const damaged = { ...row, [field]: value };
      const { fault, instruments, rejected } = decode(
        writeMaster([...master.slice(0, before), damaged, ...master.slice(before)]),
      );
      expect(fault).toBeUndefined();
      expect(instruments).toEqual(decode(writeMaster(master)).instruments);
      expect(rejected).toHaveLength(1);
      expect(rejected[0]!.reason).toContain(field);
      expect(JSON.parse(rejected[0]!.raw)).toEqual(damaged);
    }));
  });

  it("moves the points of strikes and ticks exactly, each exchange by its own places", () => {
    const places = { NSE: 2, BSE: 2, NFO: 2, BFO: 2, MCX: 2, NCDEX: 2, NCO: 4, CDS: 7 };
    fc.assert(fc.property(validRow, (row) => {
      const power = 10n ** BigInt(places[row.exch_seg as keyof typeof places]);
      const { instruments: [instrument] } = decode(writeMaster([row]));
      const back = (decimal: string) => {
        const [units, fraction = ""] = decimal.split(".");
        return BigInt(units!) * power + BigInt(fraction.padEnd(String(power).length - 1, "0") || "0");
      };
      expect(back(instrument!.tickSize!)).toBe(BigInt(row.tick_size.split(".")[0]!));
      const isOption = row.instrumenttype.startsWith("OPT");
      if (!isOption || row.strike === "-1.000000") expect(instrument!.strike).toBeNull();
      else expect(back(instrument!.strike!)).toBe(BigInt(row.strike.split(".")[0]!));
      expect(instrument!.strike === null || Decimal.normalize(instrument!.strike) === instrument!.strike)
        .toBe(true);
    }));
  });

  it.each([
    [
      {
        exch_seg: "CDS",
        symbol: "USDINR25OCT88.25CE",
        strike: "882500000.000000",
        tick_size: "25000.000000",
      },
      "88.25",
      "0.0025",
    ],
    [
      { exch_seg: "CDS", symbol: "EURUSD25SEP.97CE", strike: "9700000.000000", tick_size: "1000.000000" },
      "0.97",
      "0.0001",
    ],
    [
      { exch_seg: "NCO", symbol: "COPPER25SEP845PE", strike: "8450000.000000", tick_size: "100.000000" },
      "845",
      "0.01",
    ],
    [
      { exch_seg: "MCX", symbol: "GOLD23SEP2577900CE", strike: "7790000.000000", tick_size: "50.000000" },
      "77900",
      "0.5",
    ],
    [
      { exch_seg: "NFO", symbol: "X28OCT25360.75PE", strike: "36075.000000", tick_size: "5.000000" },
      "360.75",
      "0.05",
    ],
    [{ exch_seg: "NFO", symbol: "X28OCT250PE", strike: "0.000000", tick_size: "0.000000" }, "0", "0"],
    [{ exch_seg: "NFO", symbol: "XCE", strike: "-1.000000", tick_size: "-1.000000" }, null, null],
  ])("%j has strike %s and tick %s", (changes, strike, tickSize) => {
    expect(one({ ...changes, instrumenttype: "OPTCUR" })).toMatchObject({ strike, tickSize });
  });

  it.each([
    [{ instrumenttype: "" }, "EQ", "NSE"],
    [{ instrumenttype: "AMXIDX" }, "IDX", "NSE-AMXIDX"],
    [{ instrumenttype: "INDEX", exch_seg: "CDS" }, "IDX", "CDS-INDEX"],
    [{ instrumenttype: "COMDTY", exch_seg: "MCX" }, "COMDTY", "MCX-COMDTY"],
    [{ instrumenttype: "FUTSTK", exch_seg: "NFO" }, "FUT", "NFO-FUTSTK"],
    [{ instrumenttype: "OPTSTK", exch_seg: "NFO", symbol: "ACE28OCT25860PE" }, "PE", "NFO-OPTSTK"],
    [
      { instrumenttype: "OPTFUT", exch_seg: "NCDEX", symbol: "DHANIYA10OCT25CE6900FOCT25" },
      "CE",
      "NCDEX-OPTFUT",
    ],
  ])("%j is of type %s in segment %s", (changes, instrumentType, segment) => {
    expect(one(changes)).toMatchObject({ instrumentType, segment });
  });

  it("reads days, and lots that are none", () => {
    expect(one({}, OPTION)).toMatchObject({ expiry: "2025-10-28", lotSize: 625 });
    expect(one({ lotsize: "-1", name: "" })).toMatchObject({ expiry: null, lotSize: null, name: null });
  });

  it("rejects an option that shows no side, fields that are not text, and a NUL, which no store keeps", () => {
    expect(one({ symbol: "JINDALSTEL28OCT25" }, OPTION)).toBe("an option that is neither CE nor PE");
    expect(one({ token: 1594 as never })).toBe("a field is not text");
    expect(one({ name: "IN\0FY" })).toBe("a field holds a NUL");
    expect(one({ name: "IN\\u0000FY" })).toMatchObject({ name: "IN\\u0000FY" });
  });

  it("gives the rows of one exchange, as they are among all", () => {
    fc.assert(fc.property(rows, (master) => {
      const all = decode(writeMaster(master)).instruments;
      const some = decode(writeMaster(master), "NFO");
      expect([some.fault, some.rejected]).toEqual([undefined, []]);
      expect(some.instruments).toEqual(all.filter(({ exchange }) => exchange === "NFO"));
    }));
  });

  it("takes fields in any order, and others among them", () => {
    const reversed = Object.fromEntries(Object.entries({ ...OPTION, isin: "X", freeze: 5 }).reverse());
    expect(decode(writeMaster([reversed])).instruments).toEqual(decode(writeMaster([OPTION])).instruments);
  });

  it.each(fields)("cannot be trusted without the field %s", (field) => {
    const { [field]: _, ...rest } = INFY;
    expect(decode(writeMaster([INFY, rest])).fault).toBe(`row 2 has no field "${field}"`);
  });

  it.each([
    ["<!DOCTYPE html><title>Sorry</title>", 'it is an HTML page, "Sorry"'],
    ['{"status":false}', 'it is a body that begins "{\\"status\\":false}"'],
    ["[[]]", "row 1 is no object"],
    ['["token"]', "row 1 is no object"],
    ["[null]", "row 1 is no object"],
    ["", "it is empty"],
  ])("is not %j", (text, fault) => {
    expect(decode(text).fault).toBe(fault);
  });
});
