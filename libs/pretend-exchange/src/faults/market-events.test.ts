import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Answer, answer } from "../server/answer.ts";
import { wording } from "../test-wording.ts";
import { rowsOf } from "./candle-rows.ts";
import { restated } from "./market-events.ts";
import type { EventRule } from "./script.ts";

type Values = readonly [open: number, high: number, low: number, close: number, volume: number, oi: number];

const DAYS = Array.from({ length: 28 }, (_, i) => `2024-02-${String(i + 1).padStart(2, "0")}`);

const answerOf = (rows: ReadonlyArray<Values>, elements = 6): Answer =>
  answer(
    200,
    "application/json",
    JSON.stringify({
      status: "success",
      data: {
        candles: rows.map((values, i) => [`${DAYS[i]}T00:00:00+0530`, ...values].slice(0, elements)),
      },
    }),
  );

const after = (due: Answer, ...rules: ReadonlyArray<EventRule>) =>
  restated(due, rules.map((rule, index) => ({ index, rule })), wording.candles);

const parsed = (due: Answer): ReadonlyArray<ReadonlyArray<number>> =>
  rowsOf(due, wording.candles)?.rows.map((row) => JSON.parse(row)) ?? [];

const paise = fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 100);
const shares = fc.integer({ min: 0, max: 2 ** 40 });
const series = fc.array(fc.tuple(paise, paise, paise, paise, shares, shares), { maxLength: DAYS.length });
const exDate = fc.constantFrom(...DAYS);

describe("a split", () => {
  it("divides the prices before its ex-date, multiplies their volumes, and leaves the rest as it was", () => {
    fc.assert(
      fc.property(
        series,
        exDate,
        fc.constantFrom(2, 5, 10, 1.5),
        fc.constantFrom(6, 7),
        (rows, ex, ratio, n) => {
          const due = answerOf(rows, n);
          const split = after(due, { fault: "split", token: 1, exDate: ex, ratio });
          const texts = rowsOf(due, wording.candles)?.rows ?? [];
          const now = rowsOf(split.answer, wording.candles)?.rows ?? [];
          expect(now.length).toBe(texts.length);
          for (const [i, values] of rows.entries()) {
            if ((DAYS[i] ?? "") >= ex) {
              expect(now[i]).toBe(texts[i]);
              continue;
            }
            const [stamp, ...changed] = JSON.parse(now[i] ?? "[]");
            expect(stamp).toBe(`${DAYS[i]}T00:00:00+0530`);
            expect(changed.length).toBe(n - 1);
            for (const at of [0, 1, 2, 3]) {
              const price = values[at] ?? 0;
              expect(Number.isInteger(Math.round(changed[at] * 1e4) / 100)).toBe(true);
              expect(Math.abs(changed[at] - price / ratio)).toBeLessThanOrEqual(price === 0 ? 0 : 0.01);
              expect(changed[at] > 0).toBe(price > 0);
            }
            for (const at of [4, 5].slice(0, n - 5)) {
              expect(changed[at]).toBe(
                Math.round((values[at] ?? 0) * ratio),
              );
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is what a bonus of the same ratio is", () => {
    fc.assert(
      fc.property(series, exDate, (rows, ex) => {
        const due = answerOf(rows);
        const terms = { token: 1, exDate: ex, ratio: 2 } as const;
        expect(after(due, { fault: "split", ...terms }).answer).toEqual(
          after(due, { fault: "bonus", ...terms }).answer,
        );
      }),
    );
  });
});

describe("an adjustment", () => {
  it("scales prices before its ex-date and no volume", () => {
    const due = answerOf([[100, 110, 90, 105.5, 1000, 0], [50, 51, 49, 50.5, 700, 0]]);
    const { answer, changedBy } = after(due, {
      fault: "adjust",
      token: 1,
      exDate: "2024-02-02",
      factor: 0.93,
    });
    expect(parsed(answer)).toEqual([
      ["2024-02-01T00:00:00+0530", 93, 102.3, 83.7, 98.12, 1000],
      ["2024-02-02T00:00:00+0530", 50, 51, 49, 50.5, 700],
    ]);
    expect(changedBy).toEqual([0]);
  });
});

describe("a correction", () => {
  it("changes the values it names of the one candle, by the day or by the time it starts", () => {
    const due = answerOf([[1, 2, 0.5, 1.5, 10, 3], [2, 3, 1.5, 2.5, 20, 4]], 7);
    const rule = { fault: "correction", token: 1, day: "2024-02-02", set: { close: 2.05, oi: 9 } } as const;
    expect(parsed(after(due, rule).answer)).toEqual([
      ["2024-02-01T00:00:00+0530", 1, 2, 0.5, 1.5, 10, 3],
      ["2024-02-02T00:00:00+0530", 2, 3, 1.5, 2.05, 20, 9],
    ]);
    expect(after(due, { ...rule, time: "09:15" })).toEqual({ answer: due, changedBy: [] });
    const six = answerOf([[1, 2, 0.5, 1.5, 10, 3], [2, 3, 1.5, 2.5, 20, 4]]);
    expect(parsed(after(six, rule).answer)[1]).toHaveLength(6);
  });
});

describe("events", () => {
  it("that concern nothing in an answer change no byte of it", () => {
    fc.assert(
      fc.property(series, (rows) => {
        const due = answerOf(rows);
        const { answer, changedBy } = after(
          due,
          { fault: "missing-day", day: "2025-01-09" },
          { fault: "split", token: 1, exDate: "2024-01-31", ratio: 2 },
          { fault: "correction", token: 1, day: "2024-03-01", set: { close: 1 } },
        );
        expect(answer).toBe(due);
        expect(changedBy).toEqual([]);
      }),
    );
  });

  it("follow one another in the script's order, and a missing day is missing whatever else happened to it", () => {
    const due = answerOf([[100, 100, 100, 100, 1, 0], [100, 100, 100, 100, 1, 0], [
      100,
      100,
      100,
      100,
      1,
      0,
    ]]);
    const { answer, changedBy } = after(
      due,
      { fault: "split", token: 1, exDate: "2024-02-03", ratio: 2 },
      { fault: "missing-day", day: "2024-02-02" },
      { fault: "adjust", token: 1, exDate: "2024-02-02", factor: 0.5 },
    );
    expect(parsed(answer)).toEqual([
      ["2024-02-01T00:00:00+0530", 25, 25, 25, 25, 2],
      ["2024-02-03T00:00:00+0530", 100, 100, 100, 100, 1],
    ]);
    expect(changedBy).toEqual([0, 1, 2]);
  });

  it("leave alone what is no answer with candles", () => {
    const dump = answer(200, "text/csv", "instrument_token\n1\n");
    expect(after(dump, { fault: "missing-day", day: "2024-02-01" }).answer).toBe(dump);
    const refused = { ...answerOf([[1, 1, 1, 1, 1, 1]]), status: 403 };
    expect(after(refused, { fault: "missing-day", day: "2024-02-01" }).answer).toBe(refused);
  });
});
