import { makeMarket, Time } from "@candlewick/pretend-exchange";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scripsOf } from "./listing-scrips.ts";
import { keyOf, renderMaster, type Scrip } from "./scrip.ts";
import { UNTRADED_SCRIPS } from "./untraded.ts";

const market = makeMarket(1);
const today = Time.dayOf(2026, 11, 20);

const scripsOn = (day: number): ReadonlyArray<Scrip> => [
  ...scripsOf(market.listingOn(day)).map(({ scrip }) => scrip),
  ...UNTRADED_SCRIPS,
];

const scrips = scripsOn(today);
const of = (exchange: string, type: string) =>
  scrips.filter(({ exch_seg, instrumenttype }) => exch_seg === exchange && instrumenttype === type);
const named = (symbol: string) => scrips.find((scrip) => scrip.symbol === symbol);

const FIELDS = "token symbol name expiry strike lotsize instrumenttype exch_seg tick_size";

describe("a day's scrip master", () => {
  it("has nine fields of text in every row, and no two rows of one token and exchange", () => {
    for (const day of [Time.dayOf(2008, 1, 21), today, Time.dayOf(2031, 7, 1)]) {
      const rows: ReadonlyArray<Record<string, unknown>> = JSON.parse(renderMaster(scripsOn(day)));
      for (const row of rows) {
        expect(Object.keys(row).join(" ")).toBe(FIELDS);
        for (const value of Object.values(row)) expect(typeof value).toBe("string");
      }
      expect(new Set(scripsOn(day).map(keyOf)).size).toBe(rows.length);
    }
  });

  it("has the vendor's types on the exchanges it has them on", () => {
    const kinds = new Set(scrips.map(({ exch_seg, instrumenttype }) => `${exch_seg} ${instrumenttype}`));
    expect(kinds).toEqual(
      new Set([
        "NSE ",
        "NSE AMXIDX",
        "BSE ",
        "BSE AMXIDX",
        "MCX AMXIDX",
        "NFO FUTSTK",
        "NFO FUTIDX",
        "NFO OPTSTK",
        "NFO OPTIDX",
        "BFO FUTIDX",
        "BFO OPTIDX",
        "CDS FUTCUR",
        "CDS OPTCUR",
        "MCX FUTCOM",
        "MCX OPTFUT",
        "NCDEX COMDTY",
        "NCDEX FUTCOM",
        "NCDEX OPTFUT",
      ]),
    );
  });

  it("writes equities and indices as the vendor does", () => {
    expect(named("EMBERBANK-EQ")).toEqual({
      token: expect.stringMatching(/^\d+$/),
      symbol: "EMBERBANK-EQ",
      name: "EMBERBANK",
      expiry: "",
      strike: "-1.000000",
      lotsize: "1",
      instrumenttype: "",
      exch_seg: "NSE",
      tick_size: "5.000000",
    });
    expect(named("LANTERN BANK")).toEqual({
      token: "99926001",
      symbol: "LANTERN BANK",
      name: "LANTERNBANK",
      expiry: "",
      strike: "0.000000",
      lotsize: "1",
      instrumenttype: "AMXIDX",
      exch_seg: "NSE",
      tick_size: "0.000000",
    });
    for (const { symbol, name } of of("NSE", "")) {
      if (symbol !== name) expect(symbol).toMatch(/-(EQ|BE|BZ|ST|SM|SG|TB|N\d)$/);
    }
  });

  it("writes strikes and ticks times 100, of currencies times 10,000,000, and none as -1 or 0", () => {
    for (const { instrument, scrip } of scripsOf(market.listingOn(today))) {
      const scale = instrument.exchange === "CDS" ? 1e7 : 100;
      expect(scrip.tick_size).toMatch(/^\d+\.0{6}$/);
      expect(Number(scrip.tick_size) / scale).toBeCloseTo(instrument.tickSize, 8);
      if (instrument.strike > 0) expect(Number(scrip.strike) / scale).toBeCloseTo(instrument.strike, 6);
      else expect(["-1.000000", "0.000000"]).toContain(scrip.strike);
    }
    expect(of("CDS", "FUTCUR")[0]).toMatchObject({ strike: "-1.000000", tick_size: "25000.000000" });
    expect(of("MCX", "FUTCOM")[0]?.strike).toBe("0.000000");
    expect(of("NFO", "FUTSTK")[0]?.strike).toBe("-1.000000");
  });

  it("spells the expiry out in symbols of NFO and MCX", () => {
    for (const { symbol, name, expiry, instrumenttype } of [...of("NFO", "OPTSTK"), ...of("NFO", "FUTIDX")]) {
      expect(expiry).toMatch(/^\d{2}[A-Z]{3}20\d{2}$/);
      const start = name + expiry.slice(0, 5) + expiry.slice(7);
      expect(symbol.startsWith(start)).toBe(true);
      expect(symbol.slice(start.length)).toMatch(
        instrumenttype.startsWith("FUT") ? /^FUT$/ : /^[\d.]+(CE|PE)$/,
      );
    }
  });

  it("names the equity of every stock future, and the index of every index future", () => {
    const equities = new Set(
      of("NSE", "").filter(({ symbol }) => symbol.endsWith("-EQ")).map(({ name }) => name),
    );
    const indices = new Set([...of("NSE", "AMXIDX"), ...of("BSE", "AMXIDX")].map(({ name }) => name));
    expect(of("NFO", "FUTSTK").length).toBeGreaterThan(20);
    for (const { name } of of("NFO", "FUTSTK")) expect(equities).toContain(name);
    for (const { name } of [...of("NFO", "FUTIDX"), ...of("BFO", "FUTIDX")]) expect(indices).toContain(name);
  });

  it("has test contracts, a lot of -1 and tokens that are no numbers", () => {
    expect(named("011NSETEST-EQ")?.exch_seg).toBe("NSE");
    expect(named("011NSETEST27NOV36FUT")?.instrumenttype).toBe("FUTSTK");
    expect(scrips.some(({ lotsize }) => lotsize === "-1")).toBe(true);
    expect(scrips.some(({ token }) => !/^\d+$/.test(token))).toBe(true);
  });
});

const recording = join(
  process.env["CANDLEWICK_SHARED"] ?? join(import.meta.dirname ?? ".", "../../../../../shared"),
  "recordings/angelone/OpenAPIScripMaster.json.gz",
);

describe.skipIf(!existsSync(recording))("a recorded scrip master (needs ../shared/recordings)", () => {
  it("is written again byte for byte from its rows", () => {
    const text = new TextDecoder().decode(gunzipSync(readFileSync(recording)));
    const rows: ReadonlyArray<Scrip> = JSON.parse(text);
    expect(renderMaster(rows) === text).toBe(true);
  });

  it("has each type of the pretended one on the same exchanges, with the same words for no strike", () => {
    const rows: ReadonlyArray<Scrip> = JSON.parse(
      new TextDecoder().decode(gunzipSync(readFileSync(recording))),
    );
    const noStrike = (all: ReadonlyArray<Scrip>) =>
      new Set(
        all.filter(({ strike }) => Number(strike) <= 0).map(({ exch_seg, instrumenttype, strike }) =>
          `${exch_seg} ${instrumenttype} ${strike}`
        ),
      );
    const real = noStrike(rows);
    expect([...noStrike(scrips)].filter((kind) => !real.has(kind))).toEqual([]);
  });
});
