import { expect } from "@effect/vitest";
import { Effect, Exit } from "effect";
import { type Candle, check } from "../../Candle.ts";
import { candles, failure } from "./calls.ts";
import type { SourceSubject, Topic } from "./subject.ts";

/** Candles as the contract wants them: checked, in the range, oldest first, none twice. */
const expectSeries = (subject: SourceSubject, series: ReadonlyArray<Candle>): void => {
  const { from, to } = subject.candles!;
  let last = -Infinity;
  for (const candle of series) {
    expect(check(candle)).toEqual(candle);
    expect(candle.ts >= from && candle.ts < to, `${candle.ts} in [${from}, ${to})`).toBe(true);
    expect(candle.ts).toBeGreaterThan(last);
    last = candle.ts;
  }
};

export const candlesTopic: Topic = (test, subject) => {
  const needs = { needs: "candles" } as const;

  test(
    "S30: candles are one request, inside [from, to), oldest first",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        const batch = yield* candles(started, subject);
        expect(started.requests().length).toBe(1);
        expect(batch.candles.length).toBeGreaterThanOrEqual(3);
        expect(batch.candles.length + batch.rejected.length).toBe(started.sent.candles);
        expectSeries(subject, batch.candles);
      }),
    needs,
  );

  test(
    "S31: the bounds are exact: from is inside, to is not",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        const all = (yield* candles(started, subject)).candles;
        const [first, second, third] = all;
        const ask = (from: number, to: number) =>
          Effect.map(
            started.services.candles!.candles({ ...subject.candles!, from, to }),
            (batch) => batch.candles.map((candle) => candle.ts),
          );
        expect(yield* ask(first!.ts, third!.ts)).toEqual([first!.ts, second!.ts]);
        expect(yield* ask(first!.ts + 1, second!.ts + 1)).toEqual([second!.ts]);
      }),
    needs,
  );

  test(
    "S32: an empty answer is no candles, and no error",
    "emptyAnswer",
    (started) =>
      Effect.gen(function* () {
        expect(yield* candles(started, subject)).toEqual({ candles: [], rejected: [] });
      }),
    needs,
  );

  test(
    "S33: rows that cannot be used are rejected with reason, raw text and readable stamp, and the others come",
    "badRows",
    (started) =>
      Effect.gen(function* () {
        const batch = yield* candles(started, subject);
        expect(batch.candles.length).toBeGreaterThanOrEqual(2);
        expect(batch.rejected.length).toBeGreaterThanOrEqual(2);
        expect(batch.candles.length + batch.rejected.length).toBe(started.sent.candles);
        expectSeries(subject, batch.candles);
        for (const { raw, reason } of batch.rejected) {
          expect(reason).not.toBe("");
          expect(raw).not.toBe("");
        }
        const stamps = batch.rejected.flatMap(({ ts }) => ts === undefined ? [] : [ts]);
        expect(stamps.length).toBeGreaterThanOrEqual(1);
        for (const ts of stamps) {
          expect(ts).toBeGreaterThanOrEqual(subject.candles!.from);
          expect(ts).toBeLessThan(subject.candles!.to);
        }
      }),
    needs,
  );

  test(
    "S34: whatever order the vendor keeps, candles are in order and in the range, or the answer is Corrupt",
    "outOfOrder",
    (started) =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(candles(started, subject));
        if (Exit.isSuccess(exit)) {
          expect(exit.value.candles.length).toBeGreaterThan(0);
          expectSeries(subject, exit.value.candles);
        } else {
          expect((yield* failure(started, subject, candles(started, subject))).reason._tag).toBe("Corrupt");
        }
      }),
    needs,
  );

  test(
    "S35: a request that will never be accepted is Invalid",
    "invalidRequest",
    (started) =>
      Effect.gen(function* () {
        const error = yield* failure(started, subject, candles(started, subject));
        expect(error.reason._tag).toBe("Invalid");
        expect(error.operation).toContain(subject.candles!.subject.tradingsymbol);
        expect(started.requests().length).toBe(1);
      }),
    needs,
  );
};
