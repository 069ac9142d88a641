import { Effect, Stream } from "effect";
import * as Dag from "../../Dag.ts";
import * as Dataset from "../../Dataset.ts";
import * as Plugin from "../../Plugin.ts";
import { defaultPolicy, retrying } from "../../Retry.ts";
import * as Setting from "../../Setting.ts";
import { Sink } from "../../Sink.ts";
import { CandleSource, SourceSession } from "../../Source.ts";
import { forEachUnit } from "../../Units.ts";

/** The smallest DAG that keeps the contract: the closing prices of some instruments, each fetched once. */

const closes = Dataset.make({
  name: "example_closes",
  columns: { token: Dataset.text(), ts: Dataset.timestamp(), close: Dataset.decimal() },
  key: ["token", "ts"],
});

const fetched = Dataset.make({
  name: "example_fetched",
  columns: { token: Dataset.text(), at: Dataset.timestamp() },
  key: ["token"],
});

const parameters = {
  tokens: Setting.list({ description: "Instruments to fetch" }),
  parallelism: Setting.int({ description: "Instruments at a time", default: 2, min: 1 }),
};
type Parameters = Setting.Values<typeof parameters>;

const missing = Effect.fnUntraced(function* ({ tokens }: Parameters) {
  const sink = yield* Sink;
  yield* sink.ensure(closes);
  yield* sink.ensure(fetched);
  const there = new Set(
    (yield* Stream.runCollect(sink.select(fetched, { columns: ["token"] }))).flat().map((row) => row.token),
  );
  return tokens.filter((token) => !there.has(token));
});

const fetchOne = Effect.fnUntraced(function* (token: string) {
  const sink = yield* Sink;
  const source = yield* CandleSource;
  const subject = {
    token,
    exchange: "NSE",
    tradingsymbol: token,
    segment: "NSE",
    instrumentType: "EQ",
    expiry: null,
  };
  const request = { subject, interval: "day", from: 0, to: 86_400_000, continuous: false } as const;
  const { candles } = yield* retrying(defaultPolicy)(source.candles(request));
  // What was fetched and that it was fetched are true together or not at all.
  return yield* sink.transaction(Effect.gen(function* () {
    const counts = yield* sink.upsert(closes, candles.map(({ close, ts }) => ({ token, ts, close })));
    yield* sink.upsert(fetched, [{ token, at: request.to }]);
    return counts.inserted;
  }));
});

const job = (chosen: Parameters) => {
  const plan = Dag.start("plan", missing(chosen));
  return Dag.after("fetch", { tokens: plan }, ({ tokens }) =>
    Effect.gen(function* () {
      if (tokens.length > 0) yield* (yield* SourceSession).authenticate;
      const { done, failures, state } = yield* forEachUnit(tokens, {
        unit: "instruments",
        key: (token) => token,
        concurrency: chosen.parallelism,
        run: fetchOne,
        initial: 0,
        fold: (total, inserted: number) => total + inserted,
      });
      const outcome = failures.length === 0
        ? (done === 0 ? "nothing" : "done")
        : done === 0
        ? "failed"
        : "partial";
      return {
        outcome,
        headline: `${done} fetched`,
        counts: { closes: state },
        tables: [],
        failures,
        notes: [],
      } as const;
    }));
};

export const plugin = Plugin.dag({
  id: "example",
  summary: "Closing prices",
  parameters,
  needs: ["candles"],
  after: [],
  prerequisites: () => Effect.succeed([]),
  plan: (chosen) =>
    Effect.map(missing(chosen), ({ length }) => ({
      headline: `${length} to fetch`,
      requests: length === 0 ? 0 : length + 1,
      seconds: 0,
      tables: [],
      notes: [],
    })),
  run: (chosen) => Dag.run("example", job(chosen)),
});
