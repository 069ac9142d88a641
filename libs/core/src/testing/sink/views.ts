import { expect } from "@effect/vitest";
import { Effect } from "effect";
import * as Dataset from "../../Dataset.ts";
import { freshName, refusal, selected, stored, type Topic } from "./subject.ts";

const pair = () => {
  const candles = Dataset.make({
    name: freshName("candles"),
    columns: { instrument_id: Dataset.int64(), ts: Dataset.timestamp(), close: Dataset.decimal() },
    key: ["instrument_id", "ts"],
  });
  const instruments = Dataset.make({
    name: freshName("instruments"),
    columns: {
      instrument_id: Dataset.int64(),
      tradingsymbol: Dataset.text(),
      exchange: Dataset.text(),
    },
    key: ["instrument_id"],
  });
  const name = freshName("view");
  const view = (adds: ReadonlyArray<"tradingsymbol" | "exchange">) =>
    Dataset.view({
      name,
      base: candles,
      joined: instruments,
      on: [["instrument_id", "instrument_id"]],
      adds,
    });
  /** The view as a dataset, to select from. */
  const readable = <const C extends Dataset.Columns>(adds: C) =>
    Dataset.make({ name, columns: { ...candles.columns, ...adds }, key: ["instrument_id", "ts"] });
  return { candles, instruments, view, readable };
};

const symbol = { tradingsymbol: Dataset.nullable(Dataset.text()) };

export const viewsTopic: Topic = (test) => {
  test("K100: a view shows all rows of its base with the columns it adds, null where there is no partner", (sink) =>
    Effect.gen(function* () {
      const { candles, instruments, view, readable } = pair();
      yield* sink.ensure(candles);
      yield* sink.ensure(instruments);
      yield* sink.ensureView(view(["tradingsymbol"]));
      yield* sink.upsert(instruments, [{ instrument_id: 1, tradingsymbol: "INFY", exchange: "NSE" }]);
      yield* sink.upsert(candles, [
        { instrument_id: 1, ts: 0, close: "10.50" },
        { instrument_id: 1, ts: 60_000, close: "11" },
        { instrument_id: 2, ts: 0, close: "5" },
      ]);
      const dataset = readable(symbol);
      expect(yield* stored(sink, dataset)).toEqual([
        { instrument_id: 1, ts: 0, close: "10.5", tradingsymbol: "INFY" },
        { instrument_id: 1, ts: 60_000, close: "11", tradingsymbol: "INFY" },
        { instrument_id: 2, ts: 0, close: "5", tradingsymbol: null },
      ]);
      expect(
        yield* selected(sink, dataset, {
          columns: ["close"],
          where: [{ op: "isNull", column: "tradingsymbol" }],
        }),
      )
        .toEqual([{ close: "5" }]);
    }));

  test("K101: a view may be ensured again, also with other columns, and after its base has grown", (sink) =>
    Effect.gen(function* () {
      const { candles, instruments, view, readable } = pair();
      yield* sink.ensure(candles);
      yield* sink.ensure(instruments);
      yield* sink.upsert(instruments, [{ instrument_id: 1, tradingsymbol: "INFY", exchange: "NSE" }]);
      yield* sink.upsert(candles, [{ instrument_id: 1, ts: 0, close: "10" }]);
      yield* sink.ensureView(view(["tradingsymbol", "exchange"]));
      yield* sink.ensureView(view(["tradingsymbol", "exchange"]));
      yield* sink.ensureView(view(["tradingsymbol"]));
      const grown = Dataset.make({
        name: candles.name,
        columns: { ...candles.columns, oi: Dataset.nullable(Dataset.int64()) },
        key: ["instrument_id", "ts"],
      });
      yield* sink.ensure(grown);
      yield* sink.ensureView({ ...view(["exchange"]), base: grown });
      const dataset = readable({
        oi: Dataset.nullable(Dataset.int64()),
        exchange: Dataset.nullable(Dataset.text()),
      });
      expect(yield* stored(sink, dataset)).toEqual([
        { instrument_id: 1, ts: 0, close: "10", oi: null, exchange: "NSE" },
      ]);
    }));

  test("K102: a view over a dataset that was never ensured is refused by name", (sink) =>
    Effect.gen(function* () {
      const { candles, instruments, view } = pair();
      yield* sink.ensure(candles);
      const error = yield* refusal(sink, sink.ensureView(view(["tradingsymbol"])), "schema");
      expect(error.message).toContain(instruments.name);
    }));
};
