import { Decimal, Interval } from "@candlewick/core";
import { askFor } from "@candlewick/vendor-http/testing";
import { Result } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candleQuery, decodeCandles } from "./candles.ts";
import { info } from "./info.ts";

const MINUTE = 60_000;
const OPEN = Date.parse("2023-09-06T09:15:00+05:30");
const asked = { interval: "minute" as const, from: OPEN, to: OPEN + 10_000 * MINUTE };

const stampOf = (ts: number) => `${new Date(ts + 330 * MINUTE).toISOString().slice(0, 19)}+05:30`;

const price = fc.tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.constantFrom(1, 10, 100, 10_000)).map(
  ([units, scale]) => units / scale,
);

const bars = fc.array(
  fc.tuple(fc.tuple(price, price, price, price), fc.nat(2_000_000_000), fc.integer({ min: 1, max: 400 })),
  { maxLength: 20 },
).map((steps) => {
  let ts = OPEN - MINUTE;
  return steps.map(([prices, volume, step]) => ({
    ts: ts += step * MINUTE,
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices[1],
    volume,
  }));
});

describe("a request for candles", () => {
  it("names instrument, interval and inclusive minutes as the vendor does", () => {
    const span = { from: OPEN, to: Date.parse("2023-09-06T15:30:00+05:30") };
    expect(candleQuery(askFor("1594", "minute", span))).toEqual({
      exchange: "NSE",
      symboltoken: "1594",
      interval: "ONE_MINUTE",
      fromdate: "2023-09-06 09:15",
      todate: "2023-09-06 15:29",
    });
  });

  it("can be made for every interval, and info has the days of each", () => {
    const words = Interval.intervals.map((interval) => candleQuery(askFor("1594", interval))!["interval"]);
    expect(words).toEqual([
      "ONE_MINUTE",
      "THREE_MINUTE",
      "FIVE_MINUTE",
      "TEN_MINUTE",
      "FIFTEEN_MINUTE",
      "THIRTY_MINUTE",
      "ONE_HOUR",
      "ONE_DAY",
    ]);
    const { daysPerRequest } = info({ root: "http://127.0.0.1:1", masterRoot: "http://127.0.0.1:1" });
    expect(Object.keys(daysPerRequest).sort()).toEqual([...Interval.intervals].sort());
  });

  it("is none when no candle can begin in the span", () => {
    expect(candleQuery(askFor("1594", "minute", { from: OPEN + 1, to: OPEN + 59_999 }))).toBeUndefined();
  });
});

describe("an answer of candles", () => {
  it("is read as it was written", () => {
    fc.assert(fc.property(bars, (series) => {
      const rows = series.map((
        { close, high, low, open, ts, volume },
      ) => [stampOf(ts), open, high, low, close, volume]);
      expect(decodeCandles(JSON.parse(JSON.stringify(rows)), asked)).toEqual(Result.succeed({
        candles: series.map(({ close, high, low, open, ts, volume }) => ({
          ts,
          open: Decimal.fromNumber(open),
          high: Decimal.fromNumber(high),
          low: Decimal.fromNumber(low),
          close: Decimal.fromNumber(close),
          volume,
          oi: null,
        })),
        rejected: [],
      }));
    }));
  });

  it("may hold none", () => {
    for (const data of [null, []]) {
      expect(decodeCandles(data, asked)).toEqual(Result.succeed({ candles: [], rejected: [] }));
    }
  });

  it.each([
    ["no data at all", undefined, "an answer without candles"],
    ["text", "", "an answer without candles"],
    ["an object", {}, "an answer without candles"],
    ["a row too short", [[stampOf(OPEN), 1, 1, 1, 1]], "a row of an unknown shape"],
    ["a row too long", [[stampOf(OPEN), 1, 1, 1, 1, 1, 1]], "a row of an unknown shape"],
    ["a row that is an object", [{ ts: 1 }], "a row of an unknown shape"],
    ["a time without its zone", [["2023-09-06T09:15:00", 1, 1, 1, 1, 1]], "a row whose time lacks its zone"],
    ["a row twice", [[stampOf(OPEN), 1, 1, 1, 1, 1], [stampOf(OPEN), 1, 1, 1, 1, 1]], "not later than"],
    ["a row before the span", [[stampOf(OPEN - MINUTE), 1, 1, 1, 1, 1]], "a row outside 2023-09-06 09:15 to"],
  ])("cannot be trusted with %s", (_, data, fault) => {
    expect(decodeCandles(data, asked)).toMatchObject({ failure: expect.stringContaining(fault) });
  });

  it("rejects rows with bad values, each with its reason, and keeps the others", () => {
    const rows = [[stampOf(OPEN), "x", 1, 1, 1, 1], ["soon", 1, 1, 1, 1, 1], [
      stampOf(OPEN + MINUTE),
      1,
      1,
      1,
      1,
      1,
    ]];
    expect(decodeCandles(rows, asked)).toMatchObject({
      success: {
        candles: [{ ts: OPEN + MINUTE }],
        rejected: [{ reason: "price is not a number", ts: OPEN }, { reason: "bad time" }],
      },
    });
  });
});
