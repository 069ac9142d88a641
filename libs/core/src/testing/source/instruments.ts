import { expect } from "@effect/vitest";
import { Effect } from "effect";
import * as Decimal from "../../Decimal.ts";
import type { Instrument } from "../../Instrument.ts";
import { isDay } from "../../MarketTime.ts";
import { dump } from "./calls.ts";
import type { Topic } from "./subject.ts";

const isDecimalOrNull = (value: string | null) => value === null || Decimal.isDecimal(value);

const expectWhole = (instrument: Instrument): void => {
  const what = JSON.stringify(instrument);
  for (const name of ["token", "tradingsymbol", "exchange", "segment"] as const) {
    expect(typeof instrument[name] === "string" && instrument[name].trim() !== "", what).toBe(true);
  }
  expect(instrument.name === null || instrument.name.trim() !== "", what).toBe(true);
  expect(instrument.expiry === null || isDay(instrument.expiry), what).toBe(true);
  expect(isDecimalOrNull(instrument.strike) && isDecimalOrNull(instrument.tickSize), what).toBe(true);
  expect(instrument.lotSize === null || Number.isSafeInteger(instrument.lotSize), what).toBe(true);
};

export const instrumentsTopic: Topic = (test, subject) => {
  const needs = { needs: "instruments" } as const;

  test(
    "S20: the dump is one request, and every row of it comes, whole",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        const { instruments, rejected } = yield* dump(started);
        expect(started.requests().length).toBe(1);
        expect(instruments.length).toBeGreaterThan(0);
        expect(instruments.length + rejected.length).toBe(started.sent.instruments);
        for (const instrument of instruments) expectWhole(instrument);
        const { exchanges, tokenType } = started.services.session.info;
        for (const { exchange, token } of instruments) {
          expect(exchanges).toContain(exchange);
          if (tokenType === "int64") expect(Number.isSafeInteger(Number(token)), token).toBe(true);
        }
      }),
    needs,
  );

  test(
    "S21: the dump of one exchange is one request and holds that exchange's rows",
    "healthy",
    (started) =>
      Effect.gen(function* () {
        const { exchange } = subject;
        if (exchange === undefined) return;
        const all = yield* dump(started);
        const { instruments } = yield* dump(started, exchange);
        expect(started.requests().length).toBe(2);
        expect(instruments).toEqual(all.instruments.filter((instrument) => instrument.exchange === exchange));
        expect(instruments.length).toBeGreaterThan(0);
      }),
    needs,
  );

  test(
    "S22: rows that cannot be used are rejected with reason and raw text, and the others come",
    "badRows",
    (started) =>
      Effect.gen(function* () {
        const { instruments, rejected } = yield* dump(started);
        expect(instruments.length).toBeGreaterThanOrEqual(2);
        expect(rejected.length).toBeGreaterThanOrEqual(2);
        expect(instruments.length + rejected.length).toBe(started.sent.instruments);
        for (const instrument of instruments) expectWhole(instrument);
        for (const { raw, reason } of rejected) {
          expect(reason).not.toBe("");
          expect(raw).not.toBe("");
        }
      }),
    needs,
  );
};
