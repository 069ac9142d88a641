import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import * as fc from "fast-check";
import { nothing } from "./Coverage.ts";
import { candleFailures, type FailureRow } from "./datasets/CandleFailures.ts";
import { candleHistory, type CandleRow } from "./datasets/CandleHistory.ts";
import { rejectedRecords, type RejectedRow } from "./datasets/RejectedRecords.ts";
import { failuresOf, load } from "./Knowledge.ts";
import { addDays, dayOf, dayStart } from "./MarketTime.ts";
import { memorySink } from "./testing/memorySink.ts";

const timeZone = "Asia/Kolkata";
const HOUR = 3_600_000;
const candles = candleHistory({ id: "kite" });
const FIRST = "2024-01-01";
const at = (day: number, hour: number): number => dayStart(addDays(FIRST, day), timeZone) + hour * HOUR;

const candle = (id: number, ts: number, is_final: boolean, interval = "60minute"): CandleRow => ({
  instrument_id: id,
  interval,
  ts,
  open: "1",
  high: "1",
  low: "1",
  close: "1",
  volume: 1,
  oi: null,
  is_final,
  fetched_at: 0,
});

const rejection = (ts: number | null, fields: Partial<RejectedRow> = {}): RejectedRow => ({
  source: "kite",
  dataset: candles.name,
  record_key: `${fields.subject ?? ""}${fields.source ?? ""}${fields.dataset ?? ""}${ts}`,
  reason: "high below low",
  raw: "[]",
  subject: "1:60minute",
  ts,
  rejected_at: 0,
  ...fields,
});

const failure = (instrument_id: number, fields: Partial<FailureRow> = {}): FailureRow => ({
  source: "kite",
  instrument_id,
  interval: "60minute",
  range_start: at(3, 0),
  range_end: at(5, 0),
  reason: "Unavailable",
  message: "HTTP 503",
  tries: 4,
  failed_at: 0,
  ...fields,
});

const storeOf = Effect.fnUntraced(function* (
  rows: ReadonlyArray<CandleRow>,
  rejected: ReadonlyArray<RejectedRow> = [],
) {
  const sink = yield* memorySink();
  for (const dataset of [candles, rejectedRecords, candleFailures]) yield* sink.ensure(dataset);
  yield* sink.upsert(candles, rows);
  yield* sink.upsert(rejectedRecords, rejected);
  return sink;
});

const place = {
  source: "kite",
  candles,
  series: { instrumentId: 1, interval: "60minute" },
  from: at(0, 0),
  to: at(20, 0),
  timeZone,
  covered: nothing,
  failure: undefined,
} as const;

describe("Knowledge.load", () => {
  it("tells the days with a candle, final when all of the day's are, of this series and these days alone", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            id: fc.integer({ min: 1, max: 2 }),
            interval: fc.constantFrom("60minute", "day"),
            day: fc.integer({ min: -5, max: 25 }),
            hour: fc.integer({ min: 0, max: 23 }),
            isFinal: fc.boolean(),
          }),
          { maxLength: 60, selector: ({ day, hour, id, interval }) => `${id} ${interval} ${day} ${hour}` },
        ),
        (rows) =>
          Effect.runPromise(Effect.gen(function* () {
            const sink = yield* storeOf(
              rows.map(({ day, hour, id, interval, isFinal }) =>
                candle(id, at(day, hour), isFinal, interval)
              ),
            );
            const known = yield* load(sink, place);
            const own = rows.filter(({ id, interval }) => id === 1 && interval === "60minute");
            const days = [...new Set(own.map(({ day }) => day))].sort((left, right) => left - right);
            const wanted = days.filter((day) => day >= 0 && day < 20).map((
              day,
            ) => [addDays(FIRST, day), own.filter((one) => one.day === day).every(({ isFinal }) => isFinal)]);
            expect([...known.present]).toEqual(wanted);
            expect(known.firstEver).toBe(days[0] === undefined ? undefined : addDays(FIRST, days[0]));
          })),
      ),
      { numRuns: 100 },
    ));

  it.effect("tells the days with a rejected candle, but not placeholders from before the first one", () =>
    Effect.gen(function* () {
      const placeholder = { reason: "zero-price placeholder" };
      const sink = yield* storeOf([candle(1, at(5, 9), true)], [
        rejection(at(1, 9), placeholder),
        rejection(at(2, 9)),
        rejection(at(7, 9), placeholder),
        rejection(null),
        rejection(at(8, 9), { subject: "2:60minute" }),
        rejection(at(9, 9), { source: "other" }),
        rejection(at(10, 9), { dataset: "other" }),
      ]);
      const { rejected } = yield* load(sink, place);
      expect([...rejected].sort()).toEqual(["2024-01-03", "2024-01-08"]);
    }));

  it.effect("passes on the last failure", () =>
    Effect.gen(function* () {
      const known = yield* load(yield* storeOf([]), { ...place, failure: failure(1) });
      expect(known.failure).toEqual({ from: at(3, 0), to: at(5, 0), message: "HTTP 503", tries: 4 });
      expect(dayOf(known.failure!.from, timeZone)).toBe("2024-01-04");
    }));
});

describe("Knowledge.failuresOf", () => {
  it.effect("tells the failures of one source at one interval", () =>
    Effect.gen(function* () {
      const sink = yield* storeOf([]);
      yield* sink.upsert(candleFailures, [
        failure(1),
        failure(2, { interval: "day" }),
        failure(3, { source: "other" }),
        failure(4),
      ]);
      expect([...(yield* failuresOf(sink, "kite", "60minute")).keys()].sort()).toEqual([1, 4]);
    }));
});
