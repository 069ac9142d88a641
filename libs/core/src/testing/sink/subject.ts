import { expect, it } from "@effect/vitest";
import { Cause, Effect, Exit, type Scope, Stream } from "effect";
import * as Dataset from "../../Dataset.ts";
import * as Decimal from "../../Decimal.ts";
import { isPluginError, type PluginError, type Store } from "../../PluginError.ts";
import type { Selection, Sink } from "../../Sink.ts";

export type SinkService = Sink["Service"];

/** A sink under test. */
export interface SinkSubject {
  /** Title of the suite. */
  readonly name: string;
  /**
   * A sink over a real store, made anew for each test. The store may be shared: datasets have names that no
   * other test uses. What the scope closes, it must really close, for about a hundred are made.
   */
  readonly make: Effect.Effect<SinkService, unknown, Scope.Scope>;
  /** Passwords and the like, looked for in the sink's location and in the messages of its errors. */
  readonly secrets?: ReadonlyArray<string>;
}

/** Stores answer in real time; the slowest tests write 70,000 rows. */
const TIMEOUT = 60_000;

/** Declares the tests of one topic. */
export type Topic = (
  test: (title: string, body: (sink: SinkService) => Effect.Effect<void, unknown, Scope.Scope>) => void,
  subject: SinkSubject,
) => void;

export const declare = (subject: SinkSubject, topic: Topic): void =>
  topic((title, body) => it.live(title, () => Effect.flatMap(subject.make, body), TIMEOUT), subject);

/** A name for a dataset that nothing else in the store has. */
export const freshName = (stem: string): string =>
  `contract_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}_${stem}`;

/** The dataset that most tests use: a key of two columns, one column to change, and one of bookkeeping. */
export const priceDataset = (name = freshName("prices")) =>
  Dataset.make({
    name,
    columns: {
      series: Dataset.text(),
      n: Dataset.int64(),
      price: Dataset.decimal(),
      note: Dataset.nullable(Dataset.text()),
      seen_at: Dataset.bookkeeping(Dataset.timestamp()),
    },
    key: ["series", "n"],
  });

export type PriceDataset = ReturnType<typeof priceDataset>;
export type PriceRow = Dataset.Row<PriceDataset>;

export const price = (series: string, n: number, value = "1.5", rest: Partial<PriceRow> = {}): PriceRow => ({
  series,
  n,
  price: value,
  note: null,
  seen_at: 0,
  ...rest,
});

/** `count` rows of one series, numbered from 0. */
export const prices = (series: string, count: number, value = "1.5"): ReadonlyArray<PriceRow> =>
  Array.from({ length: count }, (_, n) => price(series, n, value));

/** An ensured dataset of prices that holds `rows`. */
export const pricesIn = Effect.fnUntraced(function* (sink: SinkService, rows: ReadonlyArray<PriceRow> = []) {
  const dataset = priceDataset();
  yield* sink.ensure(dataset);
  if (rows.length > 0) yield* sink.upsert(dataset, rows);
  return dataset;
});

/** Rows with their decimals in the shortest form of their value: a store may drop needless zeros. */
export const byValue = <D extends Dataset.Dataset, A extends object>(
  dataset: D,
  rows: ReadonlyArray<A>,
): ReadonlyArray<A> => {
  const isDecimal = (name: string, value: unknown): value is string =>
    dataset.columns[name]?.type === "decimal" && typeof value === "string";
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map((
        [name, value],
      ) => [name, isDecimal(name, value) ? Decimal.normalize(value) : value]),
    ) as A
  );
};

/** All selected rows, `byValue`. */
export const selected = <
  D extends Dataset.Dataset,
  K extends Dataset.ColumnName<D> = Dataset.ColumnName<D>,
>(
  sink: SinkService,
  dataset: D,
  selection?: Selection<D, K>,
): Effect.Effect<ReadonlyArray<Pick<Dataset.Row<D>, K & keyof Dataset.Row<D>>>, PluginError> =>
  Effect.map(
    Stream.runCollect(sink.select(dataset, selection)),
    (batches) => byValue(dataset, batches.flat()),
  );

/** All rows of a dataset in the order of its key. */
export const stored = <D extends Dataset.Dataset>(
  sink: SinkService,
  dataset: D,
): Effect.Effect<ReadonlyArray<Dataset.Row<D>>, PluginError> =>
  selected(sink, dataset, { orderBy: dataset.key as ReadonlyArray<Dataset.ColumnName<D>> }) as Effect.Effect<
    ReadonlyArray<Dataset.Row<D>>,
    PluginError
  >;

/** The failure of an operation, which must be of reason `Store`. */
export const storeFailure = Effect.fnUntraced(function* <R>(operation: Effect.Effect<unknown, unknown, R>) {
  const exit = yield* Effect.exit(operation);
  const error = Exit.isFailure(exit)
    ? exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    : exit;
  return isPluginError(error) && error.reason._tag === "Store"
    ? { error, fault: error.reason.fault }
    : expect.unreachable(`expected a refusal with reason Store, got ${String(error)}`);
});

/** The failure of an operation, which must be the sink's own with reason `Store`. */
export const refusal = Effect.fnUntraced(function* <R>(
  sink: SinkService,
  operation: Effect.Effect<unknown, unknown, R>,
  ...faults: ReadonlyArray<Store["fault"]>
) {
  const { error, fault } = yield* storeFailure(operation);
  expect(error.plugin).toBe(sink.id);
  if (faults.length > 0) expect(faults).toContain(fault);
  return error;
});

/** Expects a failure that is the caller's own, not one of the sink's. */
export const expectOwn = (exit: Exit.Exit<unknown, unknown>, error: unknown): void =>
  expect(Exit.isFailure(exit) ? Cause.squash(exit.cause) : exit).toBe(error);

/** Batches of `size` rows. */
export const inBatches = <A>(rows: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));
