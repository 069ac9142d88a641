import { describe, expect, it } from "@effect/vitest";
import { Result } from "effect";
import * as fc from "fast-check";
import { decode } from "./CandleAnswer.ts";

const MINUTE = 60_000;
const FROM = Date.parse("2024-01-01T00:00:00Z");
const TO = FROM + 100 * MINUTE;

/** Rows `[minute, price]`; `null` as the minute is a stamp that cannot be read. */
type Row = readonly [minute: number | null, price: unknown];

const answer = (rows: ReadonlyArray<Row | string>, from = FROM, to = TO) =>
  decode(rows, {
    asked: { interval: "minute", from, to },
    read: (row) => {
      if (!Array.isArray(row)) return "a row of an unknown shape";
      const [minute, price] = row as unknown as Row;
      const ts = minute === null ? NaN : FROM + minute * MINUTE;
      return { ts, open: price, high: price, low: price, close: price, volume: 1, oi: null };
    },
    show: (instant) => `minute ${(instant - FROM) / MINUTE}`,
  });

const minutesOf = (rows: ReadonlyArray<Row>, from?: number, to?: number) =>
  Result.getOrThrow(answer(rows, from, to)).candles.map(({ ts }) => (ts - FROM) / MINUTE);

describe("candles of one answer", () => {
  it("are those of the range when they ascend, and none of them when they do not", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 8 }), (minutes) => {
      const ascend = minutes.every((minute, at) => at === 0 || minute > minutes[at - 1]!);
      const result = answer(minutes.map((minute) => [minute, 10]));
      expect(Result.isSuccess(result)).toBe(ascend);
      if (ascend) expect(minutesOf(minutes.map((minute) => [minute, 10]))).toEqual(minutes);
    }));
  });

  it("leave out the candle that holds the beginning", () => {
    expect(minutesOf([[0, 1], [1, 1], [2, 1]], FROM + 1)).toEqual([1, 2]);
  });

  it("cannot be trusted with one before the range, or at its end", () => {
    const before = answer([[0, 1], [1, 1]], FROM + MINUTE);
    expect(before).toMatchObject({ failure: "a row outside minute 1 to minute 100: [0,1]" });
    expect(Result.isFailure(answer([[100, 1]]))).toBe(true);
  });

  it("cannot be trusted with a row of which nothing can be made", () => {
    expect(answer([[0, 1], "x"])).toMatchObject({ failure: 'a row of an unknown shape: "x"' });
  });

  it("are rejected one by one for bad values, with the stamp where it can be read", () => {
    expect(Result.getOrThrow(answer([[0, 1], [1, "much"], [null, 1], [2, 1]]))).toMatchObject({
      candles: [{ ts: FROM }, { ts: FROM + 2 * MINUTE }],
      rejected: [
        { reason: "price is not a number", raw: '[1,"much"]', ts: FROM + MINUTE },
        { reason: "bad time", raw: "[null,1]" },
      ],
    });
  });
});
