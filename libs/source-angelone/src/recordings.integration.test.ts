import type { Instrument } from "@candlewick/core";
import { Stream } from "effect";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  allInstruments,
  askFor,
  jsonReply,
  NEEDS_RECORDINGS,
  valueOf,
  withServer,
} from "@candlewick/vendor-http/testing";
import { info } from "./info.ts";
import { settings } from "./settings.ts";
import { withAngelOne } from "./testing/fixtures.ts";
import { recordings } from "./testing/recordings.ts";
import type { MasterRow } from "./instruments.ts";

const count = (all: ReadonlyArray<Instrument.Instrument>, by: (one: Instrument.Instrument) => string) => {
  const counts: Record<string, number> = {};
  for (const one of all) counts[by(one)] = (counts[by(one)] ?? 0) + 1;
  return counts;
};

const masterReply = (body: Uint8Array) => ({
  headers: { "content-type": "application/json", "content-encoding": "gzip" },
  body,
});

const whole = () =>
  withServer(
    () => masterReply(recordings.master()),
    ({ root }) => withAngelOne(root, (it) => allInstruments(it)),
  );

describe.skipIf(!recordings.present)(`the recorded scrip master ${NEEDS_RECORDINGS}`, () => {
  it("holds 127,276 listings, each by its exchange and type, none rejected", async () => {
    const { instruments, rejected } = valueOf(await whole());
    expect(rejected).toEqual([]);
    expect(instruments).toHaveLength(127_276);
    expect(count(instruments, ({ exchange, instrumentType }) => `${exchange} ${instrumentType}`)).toEqual({
      "NSE EQ": 8_475,
      "NSE IDX": 57,
      "BSE EQ": 12_515,
      "BSE IDX": 40,
      "NFO FUT": 658,
      "NFO CE": 15_055,
      "NFO PE": 15_126,
      "BFO FUT": 632,
      "BFO CE": 18_134,
      "BFO PE": 18_134,
      "CDS FUT": 184,
      "CDS CE": 4_803,
      "CDS PE": 4_803,
      "CDS IDX": 4,
      "CDS UNDCUR": 14,
      "CDS UNDIRC": 83,
      "CDS UNDIRD": 1,
      "CDS UNDIRT": 1,
      "MCX FUT": 134,
      "MCX CE": 8_037,
      "MCX PE": 8_037,
      "MCX IDX": 17,
      "MCX COMDTY": 398,
      "NCDEX FUT": 100,
      "NCDEX CE": 546,
      "NCDEX PE": 546,
      "NCDEX IDX": 6,
      "NCDEX COMDTY": 21,
      "NCO FUT": 121,
      "NCO CE": 5_297,
      "NCO PE": 5_297,
    });
  }, 60_000);

  it(
    "has (symbol, segment) and (token, exchange) unique, and no segment of derivatives that is not known",
    async () => {
      const { instruments } = valueOf(await whole());
      const unique = (by: (one: Instrument.Instrument) => string) => new Set(instruments.map(by)).size;
      expect(unique(({ segment, tradingsymbol }) => `${segment}\n${tradingsymbol}`)).toBe(instruments.length);
      expect(unique(({ exchange, token }) => `${exchange}\n${token}`)).toBe(instruments.length);
      const { exchanges, underlyings } = info({
        root: settings.root.fallback!,
        masterRoot: settings.masterRoot.fallback!,
      });
      expect(Object.keys(count(instruments, ({ exchange }) => exchange)).sort()).toEqual(
        [...exchanges].sort(),
      );
      const derivatives = instruments.filter(({ instrumentType }) => /^(FUT|CE|PE)$/.test(instrumentType));
      expect(Object.keys(underlyings!)).toEqual(
        expect.arrayContaining(Object.keys(count(derivatives, ({ segment }) => segment))),
      );
    },
    60_000,
  );

  it("shows, for each of its 103,815 options, the strike that stands in the symbol", async () => {
    const { instruments } = valueOf(await whole());
    const options = instruments.filter(({ instrumentType }) => /^[CP]E$/.test(instrumentType));
    expect(options).toHaveLength(103_815);
    const differ = options.filter(({ exchange, strike, tradingsymbol }) => {
      // NCDEX: DHANIYA10OCT25CE6900FOCT25; others: COPPER25SEP845PE, EURUSD25SEP.97CE.
      const before = exchange === "NCDEX"
        ? /(?:CE|PE)([\d.]+)F/.exec(tradingsymbol)?.[1]
        : tradingsymbol.slice(0, -2);
      const [units = "", fraction = ""] = strike!.split(".");
      const written = new RegExp(
        `${exchange === "NCDEX" ? "^" : ""}${units === "0" ? "0?" : units}${
          fraction === "" ? "(\\.0+)?" : `\\.${fraction}0*`
        }$`,
      );
      return !written.test(before!);
    });
    expect(differ.map(({ strike, tradingsymbol }) => `${tradingsymbol} ${strike}`)).toEqual([]);
  }, 60_000);

  it("is read as JSON.parse and plain arithmetic read it", async () => {
    const { instruments } = valueOf(await whole());
    const rows = JSON.parse(gunzipSync(recordings.master()).toString()) as ReadonlyArray<MasterRow>;
    const shift = (row: MasterRow, text: string) =>
      Number(text) / 10 ** (row.exch_seg === "CDS" ? 7 : row.exch_seg === "NCO" ? 4 : 2);
    const expected = rows.map((row) => ({
      token: row.token,
      tradingsymbol: row.symbol,
      name: row.name === "" ? null : row.name,
      expiry: row.expiry,
      strike: row.instrumenttype.startsWith("OPT") ? shift(row, row.strike) : null,
      tick: shift(row, row.tick_size),
      lot: row.lotsize === "-1" ? null : Number(row.lotsize),
    }));
    const month = (day: string) =>
      new Date(`${day}T00:00:00Z`).toLocaleString("en-GB", { month: "short", timeZone: "UTC" }).toUpperCase()
        .slice(0, 3);
    const seen = instruments.map((one) => ({
      token: one.token,
      tradingsymbol: one.tradingsymbol,
      name: one.name,
      expiry: one.expiry === null
        ? ""
        : `${one.expiry.slice(8)}${month(one.expiry)}${one.expiry.slice(0, 4)}`,
      strike: one.strike === null ? null : Number(one.strike),
      tick: Number(one.tickSize),
      lot: one.lotSize,
    }));
    expect(seen).toEqual(expected);
  }, 60_000);

  it("cut anywhere is never taken for whole", async () => {
    const master = gunzipSync(recordings.master()).subarray(0, 3_000);
    for (let length = 0; length <= master.length; length += 101) {
      await withServer(() => ({ body: master.subarray(0, length) }), async ({ root }) => {
        const exit = await withAngelOne(root, (it) => Stream.runDrain(it.instruments.instruments()));
        expect(exit._tag).toBe("Failure");
      });
    }
  });

  it("comes with the documented candles, digit for digit", () =>
    withServer(() => jsonReply(recordings.candles()), async ({ root }) => {
      expect(valueOf(await withAngelOne(root, (it) => it.candles.candles(askFor("1594", "60minute")))))
        .toEqual({
          candles: [{
            ts: Date.parse("2023-09-06T11:15:00+05:30"),
            open: "19571.2",
            high: "19573.35",
            low: "19534.4",
            close: "19552.05",
            volume: 0,
            oi: null,
          }],
          rejected: [],
        });
    }));
});
