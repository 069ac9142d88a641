import {
  candleCoverage,
  candleFailures,
  candleHistory,
  candleRevisions,
  type CandleRow,
  type CoverageRow,
  type Dataset,
  type FailureRow,
  instrumentDumps,
  instrumentHistory,
  instrumentMaster,
  type InstrumentRow,
  rejectedRecords,
  type RejectedRow,
  restatedCandles,
  type RestatementRow,
  restatements,
  type RevisionRow,
  type Sink,
  type Where,
} from "@candlewick/core";
import { Effect, Exit, Scope, Stream } from "effect";
import { sink as sinkPlugin, values } from "../workspace.ts";

const kite = { id: "kite", tokenType: "int64" } as const;

export const datasets = {
  master: instrumentMaster(kite),
  history: instrumentHistory(kite),
  dumps: instrumentDumps(kite),
  candles: candleHistory(kite),
  coverage: candleCoverage(kite),
  staging: restatedCandles(kite),
};

/** All that the DAG `historic` stores. */
export interface Contents {
  readonly candles: ReadonlyArray<CandleRow>;
  readonly coverage: ReadonlyArray<CoverageRow>;
  readonly staging: ReadonlyArray<CandleRow>;
  readonly failures: ReadonlyArray<FailureRow>;
  readonly revisions: ReadonlyArray<RevisionRow>;
  readonly restatements: ReadonlyArray<RestatementRow>;
  readonly rejected: ReadonlyArray<RejectedRow>;
}

export interface Store {
  readonly sink: Sink.Sink["Service"];
  readonly contents: () => Promise<Contents>;
  readonly candles: () => Promise<ReadonlyArray<CandleRow>>;
  /** Rows of one dataset, ordered by its key. */
  readonly rows: <C extends Dataset.Columns>(
    dataset: Dataset.Dataset<C>,
    where?: Where.Where,
  ) => Promise<ReadonlyArray<Dataset.RowOf<C>>>;
}

const byKey = (key: ReadonlyArray<string>) =>
(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): number => {
  for (const name of key) {
    const [a, b] = [left[name], right[name]];
    if (typeof a === "number" && typeof b === "number" ? a !== b : String(a) !== String(b)) {
      return typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1;
    }
  }
  return 0;
};

/** The sink on a database. */
export const openStore = async (url: string): Promise<Store & AsyncDisposable> => {
  const scope = Scope.makeUnsafe();
  const sink = await Effect.runPromise(
    Scope.provide(scope)(Effect.gen(function* () {
      const plugin = yield* sinkPlugin("postgres");
      return yield* plugin.make(yield* values(plugin.settings, { url }), {
        directory: "unused",
        data: "real",
      });
    })),
  );

  const rows: Store["rows"] = (dataset, where = []) =>
    Effect.runPromise(Effect.gen(function* () {
      yield* sink.ensure(dataset);
      const batches = yield* Stream.runCollect(sink.select(dataset, { where }));
      // The columns that come are those of the dataset: none were chosen.
      return (batches.flat() as ReadonlyArray<Dataset.RowOf<typeof dataset.columns>>).toSorted(
        byKey(dataset.key),
      );
    }));

  return {
    sink,
    rows,
    candles: () => rows(datasets.candles),
    contents: async () => {
      const [candles, coverage, staging, failures, revisions, restated, rejected] = await Promise.all([
        rows(datasets.candles),
        rows(datasets.coverage),
        rows(datasets.staging),
        rows(candleFailures),
        rows(candleRevisions),
        rows(restatements),
        rows(rejectedRecords),
      ]);
      return { candles, coverage, staging, failures, revisions, restatements: restated, rejected };
    },
    [Symbol.asyncDispose]: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  };
};

/** Puts listings into an empty store, so that no dump has to be fetched. */
export const list = ({ sink }: Store, listings: ReadonlyArray<InstrumentRow>): Promise<unknown> =>
  Effect.runPromise(
    Effect.andThen(sink.ensure(datasets.master), sink.upsert(datasets.master, listings)),
  );
