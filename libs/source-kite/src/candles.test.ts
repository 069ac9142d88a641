import { Decimal, type Interval } from "@candlewick/core";
import { Result } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { candleQuery, decodeCandles } from "./candles.ts";
import { formatStamp } from "./stamp.ts";

const MINUTE = 60_000;
const OPEN = Date.parse("2023-04-17T09:15:00+05:30");

/** A span that holds every row of these tests. */
const asked = { interval: "minute" as Interval.Interval, from: OPEN, to: OPEN + 10_000 * MINUTE };

const stampOf = (ts: number): string => `${formatStamp(ts).replace(" ", "T")}+0530`;

/** A price as JSON carries it: a number of at most 15 digits. */
const price = fc.tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.constantFrom(1, 10, 100, 10_000)).map(
  ([units, scale]) => units / scale,
);

interface Bar {
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi: number | undefined;
}

const bar = fc.tuple(
  fc.tuple(price, price, price, price),
  fc.nat(2_000_000_000),
  fc.option(fc.nat(20_000_000), { nil: undefined }),
).map(([prices, volume, oi]) => {
  const [open, high, low, close] = [prices[0], Math.max(...prices), Math.min(...prices), prices[1]];
  return { open, high, low, close, volume, oi };
});

/** Bars at rising minutes. */
const bars: fc.Arbitrary<ReadonlyArray<Bar>> = fc.array(fc.tuple(bar, fc.integer({ min: 1, max: 400 })), {
  maxLength: 20,
}).map((steps) => {
  let ts = OPEN - MINUTE;
  return steps.map(([rest, step]) => ({ ts: ts += step * MINUTE, ...rest }));
});

const asArray = ({ ts, open, high, low, close, volume, oi }: Bar): ReadonlyArray<unknown> => [
  stampOf(ts),
  open,
  high,
  low,
  close,
  volume,
  ...(oi === undefined ? [] : [oi]),
];

const asObject = (key: string) => ({ ts, oi, ...rest }: Bar): Readonly<Record<string, unknown>> => ({
  [key]: stampOf(ts),
  ...rest,
  ...(oi === undefined ? {} : { oi }),
});

const expected = (series: ReadonlyArray<Bar>) =>
  series.map(({ ts, open, high, low, close, volume, oi }) => ({
    ts,
    open: Decimal.fromNumber(open),
    high: Decimal.fromNumber(high),
    low: Decimal.fromNumber(low),
    close: Decimal.fromNumber(close),
    volume,
    oi: oi ?? null,
  }));

/** Through JSON, as on the wire. */
const decode = (rows: ReadonlyArray<unknown>, span = asked) =>
  decodeCandles(JSON.parse(JSON.stringify({ candles: rows })), span);

describe("candles", () => {
  it("001-P17: Array format parsing is correct", () => {
    fc.assert(fc.property(bars, (series) => {
      const batch = Result.getOrThrow(decode(series.map(asArray)));
      expect(batch).toEqual({ candles: expected(series), rejected: [] });
    }));
  });

  it("001-P18: Dictionary format parsing is correct", () => {
    fc.assert(fc.property(bars, fc.constantFrom("date", "timestamp"), (series, key) => {
      const batch = Result.getOrThrow(decode(series.map(asObject(key))));
      expect(batch).toEqual({ candles: expected(series), rejected: [] });
    }));
  });

  it("reads arrays and objects side by side", () => {
    fc.assert(fc.property(bars, fc.array(fc.boolean(), { minLength: 20 }), (series, choice) => {
      const rows = series.map((one, at) => choice[at] ? asArray(one) : asObject("date")(one));
      expect(Result.getOrThrow(decode(rows)).candles).toEqual(expected(series));
    }));
  });

  it("001-P5: All required OHLCV fields are stored", () => {
    fc.assert(fc.property(bars, (series) => {
      for (const [at, candle] of Result.getOrThrow(decode(series.map(asArray))).candles.entries()) {
        const sent = series[at]!;
        expect([candle.open, candle.high, candle.low, candle.close].map(Number)).toEqual([
          sent.open,
          sent.high,
          sent.low,
          sent.close,
        ]);
        expect([candle.ts, candle.volume]).toEqual([sent.ts, sent.volume]);
      }
    }));
  });

  it("rejects rows with bad values, each with its reason and its text, and keeps the rest", () => {
    const faults: ReadonlyArray<readonly [number, unknown, string]> = [
      [0, "17 April", "bad time"],
      [0, null, "bad time"],
      [1, null, "missing field"],
      [2, "high", "price is not a number"],
      [4, true, "price is not a number"],
      [5, 1.5, "volume is not a whole number"],
      [5, -1, "volume is not a whole number"],
      [6, "many", "open interest is not a whole number"],
      [2, 0.01, "high below low"],
    ];
    fc.assert(fc.property(bars, fc.array(fc.nat()), (series, choices) => {
      const reasons: Array<string> = [];
      const rows = series.map((one, at) => {
        const row = [...asArray({ ...one, low: Math.max(one.low, 1), high: one.high + 1, oi: 5 })];
        if (choices[at] === undefined) return row;
        const [place, value, reason] = faults[choices[at] % faults.length]!;
        row[place] = value;
        reasons.push(reason);
        return row;
      });
      const { candles, rejected } = Result.getOrThrow(decode(rows));
      expect(rejected.map(({ reason }) => reason)).toEqual(reasons);
      expect(candles).toHaveLength(series.length - reasons.length);
      for (const { raw } of rejected) expect(rows.map((row) => JSON.stringify(row))).toContain(raw);
    }));
  });

  it("rejects the all-zero placeholder before a listing", () => {
    const { candles, rejected } = Result.getOrThrow(decode([[stampOf(OPEN), 0, 0, 0, 0, 0]]));
    expect(candles).toEqual([]);
    expect(rejected.map(({ reason }) => reason)).toEqual(["zero-price placeholder"]);
  });

  it("keeps an open interest of zero apart from none", () => {
    const { candles } = Result.getOrThrow(decode([
      [stampOf(OPEN), 1, 1, 1, 1, 1, 0],
      [stampOf(OPEN + MINUTE), 1, 1, 1, 1, 1],
    ]));
    expect(candles.map(({ oi }) => oi)).toEqual([0, null]);
  });

  it("takes an answer without rows: nothing traded", () => {
    expect(Result.getOrThrow(decode([]))).toEqual({ candles: [], rejected: [] });
  });

  it("leaves out the candle that merely contains the beginning", () => {
    const day = Date.parse("2024-01-01T00:00:00+05:30");
    const span = { interval: "day" as const, from: day + 9 * 60 * MINUTE, to: day + 3 * 1_440 * MINUTE };
    const rows = [0, 1, 2].map((days) => [stampOf(day + days * 1_440 * MINUTE), 1, 1, 1, 1, 1]);
    expect(Result.getOrThrow(decode(rows, span)).candles.map(({ ts }) => ts)).toEqual([
      day + 1_440 * MINUTE,
      day + 2 * 1_440 * MINUTE,
    ]);
  });

  const at = (ts: number): ReadonlyArray<unknown> => [stampOf(ts), 1, 1, 1, 1, 1];

  it.each([
    ["a list in place of the data", []],
    ["data without candles", {}],
    ["candles that are no list", { candles: { 0: at(OPEN) } }],
    ["null candles", { candles: null }],
    ["a row that is text", { candles: [at(OPEN), "2023-04-17"] }],
    ["a row that is null", { candles: [null] }],
    ["a row of five", { candles: [at(OPEN).slice(0, 5)] }],
    ["a row of eight", { candles: [[...at(OPEN), 0, 0]] }],
    ["rows that descend", { candles: [at(OPEN + MINUTE), at(OPEN)] }],
    ["the same row twice", { candles: [at(OPEN), at(OPEN)] }],
    ["a bad row out of order", { candles: [at(OPEN + MINUTE), [stampOf(OPEN), 1, null, 1, 1, 1]] }],
    ["a row before the span", { candles: [at(OPEN - MINUTE)] }],
    ["a row at the span's end", { candles: [at(asked.to)] }],
  ])("trusts nothing of %s", (_, data) => {
    expect(Result.isFailure(decodeCandles(data, asked))).toBe(true);
  });

  it("asks for whole seconds in Indian time, with the last one inside the span", () => {
    const query = candleQuery({
      from: Date.parse("2024-01-01T00:00:00+05:30"),
      to: Date.parse("2024-03-01T00:00:00+05:30"),
      continuous: false,
    });
    expect(query).toEqual({ from: "2024-01-01 00:00:00", to: "2024-02-29 23:59:59", oi: "1" });
    expect(candleQuery({ from: 0, to: 1_000, continuous: true })).toMatchObject({ continuous: "1" });
  });

  it("asks for every second of a span once, whatever its bounds", () => {
    const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(fc.property(instant, fc.integer({ min: 1_000, max: 10 ** 11 }), (from, length) => {
      const query = candleQuery({ from, to: from + length, continuous: false });
      const first = Date.parse(`${query["from"]!.replace(" ", "T")}+05:30`);
      const last = Date.parse(`${query["to"]!.replace(" ", "T")}+05:30`);
      expect(first - from).toBeGreaterThanOrEqual(0);
      expect(first - from).toBeLessThan(1_000);
      expect(from + length - last).toBeGreaterThan(0);
      expect(from + length - last).toBeLessThanOrEqual(1_000);
    }));
  });
});
