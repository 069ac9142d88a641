import { expect } from "@effect/vitest";
import { Effect } from "effect";
import { candleHistory, type CandleRow } from "../../datasets/CandleHistory.ts";
import { freshName, priceDataset, prices } from "../sink/subject.ts";
import { counts, type Topic } from "./subject.ts";

const candles = candleHistory({ id: "contract" });

const candle = (instrument_id: number, ts: number): CandleRow => ({
  instrument_id,
  interval: "day",
  ts,
  open: "1",
  high: "2",
  low: "0.5",
  close: "1.5",
  volume: 10,
  oi: null,
  is_final: true,
  fetched_at: 0,
});

export const statusTopic: Topic = (test, { secrets = [] }) => {
  test("U1: a store where nothing is yet has no tables and no backups", ({ keep }) =>
    keep((keeper) =>
      Effect.gen(function* () {
        expect((yield* keeper.status).tables).toEqual([]);
        expect(yield* keeper.backups).toEqual([]);
      })
    ));

  test("U2: status names each table of the sink with its rows, by name, and what they take", ({ run, status, write }) =>
    Effect.gen(function* () {
      const [b, a] = [priceDataset("table_b"), priceDataset("table_a")];
      yield* write(b, prices("s", 1_234));
      yield* run((sink) => sink.ensure(a));
      const { bytes, tables } = yield* status;
      expect(tables.map(({ name, rows }) => [name, rows])).toEqual([["table_a", 0], ["table_b", 1_234]]);
      expect(bytes).toBeGreaterThan(0);
      for (const table of tables) {
        if (table.bytes !== undefined) expect(table.bytes).toBeGreaterThanOrEqual(0);
      }
    }));

  test("U3: status tells the first and the last instant of a time series with rows, and of nothing else", ({ run, status, write }) =>
    Effect.gen(function* () {
      yield* run((sink) => sink.ensure(candles));
      yield* write(priceDataset("plain"), prices("s", 2));
      expect((yield* status).tables.map(({ span }) => span)).toEqual([undefined, undefined]);
      const [first, last] = [Date.UTC(1965, 0, 1, 18, 30), Date.UTC(2026, 10, 19, 18, 30)];
      yield* write(candles, [candle(2, 0), candle(7, first), candle(1, last), candle(3, 5)]);
      expect((yield* status).tables.map(({ name, span }) => [name, span])).toEqual([
        [candles.name, { first, last }],
        ["plain", undefined],
      ]);
    }));

  test("U4: a table of the user's own is not listed, and nothing touches it", ({ backup, keep, ownTable, restore, status, write }) =>
    Effect.gen(function* () {
      yield* ownTable.make;
      const before = yield* ownTable.rows;
      const dataset = priceDataset(freshName("ours"));
      yield* write(dataset, prices("s", 3));
      expect(counts(yield* status)).toEqual({ [dataset.name]: 3 });
      const made = yield* backup;
      expect(made.tables).toEqual({ [dataset.name]: 3 });
      yield* keep((keeper) => keeper.truncate([dataset.name]));
      expect(yield* ownTable.rows).toEqual(before);
      yield* restore(made);
      expect(yield* ownTable.rows).toEqual(before);
    }));

  test("U5: the place of the store is named, without a secret", ({ keep }) =>
    keep(({ id, location }) =>
      Effect.sync(() => {
        expect(id).not.toBe("");
        expect(location).not.toBe("");
        for (const secret of secrets) expect(location).not.toContain(secret);
      })
    ));
};
