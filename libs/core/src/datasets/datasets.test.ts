import { describe, expect, it } from "@effect/vitest";
import { Effect } from "effect";
import * as fc from "fast-check";
import type { SourceInfo } from "../Source.ts";
import { memorySink } from "../testing/memorySink.ts";
import { candleCoverage, candleHistory, candleView } from "./CandleHistory.ts";
import {
  instrumentDumps,
  instrumentHistory,
  instrumentMaster,
  type InstrumentRow,
  subjectOf,
} from "./InstrumentMaster.ts";
import { rejectedRecords, rejectedRows } from "./RejectedRecords.ts";
import { runs } from "./Runs.ts";

const info = (tokenType: SourceInfo["tokenType"]) => ({ id: "kite", tokenType });

describe("datasets", () => {
  for (const tokenType of ["int64", "text"] as const) {
    it.effect(`those of a source with tokens of ${tokenType} are named after it, and a sink takes them`, () =>
      Effect.gen(function* () {
        const sink = yield* memorySink();
        const datasets = [
          instrumentMaster(info(tokenType)),
          instrumentHistory(info(tokenType)),
          instrumentDumps(info(tokenType)),
          candleHistory(info(tokenType)),
          candleCoverage(info(tokenType)),
        ];
        for (const dataset of datasets) {
          expect(dataset.name).toMatch(/^kite_/);
          yield* sink.ensure(dataset);
        }
        yield* sink.ensureView(candleView(info(tokenType)));
        expect(instrumentMaster(info(tokenType)).columns.instrument_token.type).toBe(tokenType);
      }));
  }

  it("the tables users know have the names they know", () => {
    expect(instrumentMaster(info("int64")).name).toBe("kite_instrument_master");
    expect(candleHistory(info("int64")).name).toBe("kite_ohlcv_historic");
    expect(candleView(info("int64")).name).toBe("kite_ohlcv");
    expect(candleView({ id: "my-broker", tokenType: "text" }).name).toBe("my_broker_ohlcv");
    expect(rejectedRecords.name).toBe("rejected_records");
    expect(runs.key).toEqual(["run_id", "dag"]);
  });

  it("candles belong to an instrument, whatever its token: their key has none", () => {
    expect(candleHistory(info("int64")).key).toEqual(["instrument_id", "interval", "ts"]);
    expect(Object.keys(candleHistory(info("int64")).columns)).not.toContain("instrument_token");
  });

  it("subjectOf tells a vendor what it needs, the token as text", () => {
    const row: InstrumentRow = {
      instrument_id: 7,
      instrument_token: 408065,
      exchange: "NSE",
      tradingsymbol: "INFY",
      exchange_token: "1594",
      instrument_type: "EQ",
      name: "INFOSYS",
      segment: "NSE",
      expiry: null,
      strike: null,
      tick_size: "0.05",
      lot_size: 1,
      last_updated: 0,
      created_at: 0,
      delisted_at: null,
    };
    expect(subjectOf(row)).toEqual({
      token: "408065",
      exchange: "NSE",
      tradingsymbol: "INFY",
      segment: "NSE",
      instrumentType: "EQ",
      expiry: null,
    });
  });
});

describe("rejectedRows", () => {
  const at = { source: "kite", dataset: "kite_ohlcv_historic", subject: "NSE:INFY day", time: 5 };

  it("keeps reason and raw value, and the same record rejected again is the same row", () => {
    const rejections = [
      { reason: "high below low", raw: "[1,2]" },
      { reason: "bad time", raw: "[3]" },
      { reason: "high below low", raw: "[1,2]" },
    ];
    const rows = rejectedRows(at, rejections);
    expect(rows.map((row) => [row.reason, row.raw, row.rejected_at])).toEqual([
      ["high below low", "[1,2]", 5],
      ["bad time", "[3]", 5],
    ]);
    const again = rejectedRows({ ...at, time: 9 }, rejections);
    expect(again.map((row) => row.record_key)).toEqual(rows.map((row) => row.record_key));
  });

  it.effect("for any record, however broken: a store takes its row, beside all others", () =>
    Effect.gen(function* () {
      const sink = yield* memorySink();
      yield* sink.ensure(rejectedRecords);
      // Any sequence of UTF-16 units: NUL and lone surrogates too, as broken answers hold them.
      const raw = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
        .map((units) => String.fromCharCode(...units));
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(fc.uniqueArray(raw, { maxLength: 5 }), (raws) =>
            Effect.runPromise(Effect.gen(function* () {
              const rows = rejectedRows(at, raws.map((raw) => ({ reason: `because of ${raw}`, raw })));
              expect(rows.length).toBe(raws.length);
              yield* sink.upsert(rejectedRecords, rows);
              for (const [i, { raw }] of rows.entries()) {
                if (raws[i]!.isWellFormed() && !raws[i]!.includes("\0")) {
                  expect(raw).toBe(raws[i]);
                }
              }
            }))),
        )
      );
    }));
});
