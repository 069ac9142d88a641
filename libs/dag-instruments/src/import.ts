import {
  type Instrument,
  type InstrumentRow,
  PluginError,
  rejectedRecords,
  rejectedRows,
  type Rejection,
  RunEvent,
  Sink,
  Source,
} from "@candlewick/core";
import { Clock, Effect, Stream } from "effect";
import * as Holding from "./holding.ts";
import { type Attributes, attributesOf, newRow } from "./listing.ts";
import { decideMarking } from "./marking.ts";
import type { Parameters } from "./parameters.ts";
import { Reconciler } from "./reconcile.ts";
import { onlyOf, requestsFor } from "./requests.ts";
import { type Datasets, delistedWith, listingsOf } from "./store.ts";
import { Tally } from "./tally.ts";

/** What one import did. */
export interface Imported {
  readonly inserted: number;
  readonly updated: number;
  readonly renamed: number;
  readonly relisted: number;
  readonly unchanged: number;
  readonly delisted: number;
  readonly rejected: number;
  readonly tally: Tally;
  readonly warnings: ReadonlyArray<string>;
}

/** A dump with more rejected records than this is not a dump; until stored they are held in memory. */
const MAX_REJECTED = 100_000;

/**
 * Fetches the dump and makes the store agree with it, in one transaction: a dump that breaks off leaves the
 * store as it was. In an empty store rows stream straight through; otherwise only differences are held, thought
 * about and written. The current listings are read before the transaction begins, when stores read fastest, and
 * again in it should another import have come in between.
 */
export const importDump = (
  datasets: Datasets,
  parameters: Chosen,
): Effect.Effect<
  Imported,
  PluginError.PluginError,
  Sink.Sink | Source.SourceSession | Source.InstrumentSource
> =>
  Effect.gen(function* () {
    const sink = yield* Sink.Sink;
    const early = yield* Holding.read(sink, datasets, parameters.exchanges);
    return yield* sink.transaction(importOver(early, datasets, parameters), { lock: datasets.master.name });
  });

type Chosen = Pick<Parameters, "exchanges" | "batchSize" | "confirmShrunk">;

const importOver = (early: Holding.Holding, datasets: Datasets, parameters: Chosen) =>
  Effect.gen(function* () {
    const sink = yield* Sink.Sink;
    const { info } = yield* Source.SourceSession;
    const source = yield* Source.InstrumentSource;
    const now = yield* Clock.currentTimeMillis;
    const tally = new Tally();
    const rejections: Array<Rejection.Rejection> = [];

    const dump = Stream.fromIterable(requestsFor(info, parameters.exchanges)).pipe(
      Stream.flatMap((exchange) => source.instruments(exchange)),
      Stream.map(onlyOf(parameters.exchanges)),
      Stream.tap((batch) =>
        Effect.suspend(() => {
          for (const rejection of batch.rejected) rejections.push(rejection);
          if (rejections.length > MAX_REJECTED) return Effect.fail(tooManyRejected(info.id, rejections));
          tally.rejected += batch.rejected.length;
          return RunEvent.emit((at) => ({
            _tag: "Progress",
            ...at,
            unit: "listings",
            done: tally.listings + batch.instruments.length,
            failed: 0,
            rejected: tally.rejected,
          }));
        })
      ),
      Stream.map((batch) => batch.instruments),
    );

    const listing = (instrument: Instrument.Instrument) => {
      const attributes = attributesOf(instrument, info.tokenType);
      tally.add(attributes);
      return attributes;
    };

    const firstLoad = Effect.fnUntraced(function* () {
      let id = 1;
      const rows = dump.pipe(
        Stream.map((batch) =>
          batch.map((instrument): InstrumentRow => newRow(id++, listing(instrument), now))
        ),
        Stream.flatMap((batch) => Stream.fromIterable(slices(batch, parameters.batchSize))),
      );
      const { inserted } = yield* sink.upsert(datasets.master, rows);
      return {
        counts: { inserted, updated: 0, renamed: 0, relisted: 0, unchanged: 0, delisted: 0 },
        doubtful: new Map<string, string>(),
      };
    });

    const update = Effect.fnUntraced(function* ({ firstId, equality, counts: current }: Holding.Holding) {
      const different: Array<Attributes> = [];
      yield* Stream.runForEach(dump, (batch) =>
        Effect.sync(() => {
          for (const instrument of batch) {
            const attributes = listing(instrument);
            if (!equality.take(attributes)) different.push(attributes);
          }
        }));
      const reconciler = new Reconciler(now);
      for (
        const row of yield* listingsOf(
          sink,
          datasets.master,
          equality.rest(),
        )
      ) reconciler.hold(row);
      for (const attributes of different) reconciler.see(attributes);
      const marking = decideMarking(
        [...current].map(([exchange, count]) => ({
          exchange,
          current: count,
          incoming: tally.of(exchange),
        })),
        { requested: parameters.exchanges, confirmed: parameters.confirmShrunk },
      );
      const changes = reconciler.finish({
        delisted: yield* delistedWith(
          sink,
          datasets.master,
          reconciler.unexplained.map((one) => one.tradingsymbol),
        ),
        mark: marking.mark,
        firstId,
      });
      if (changes.history.length > 0) {
        yield* sink.upsert(
          datasets.history,
          Stream.fromIterable(slices(changes.history, parameters.batchSize)),
        );
      }
      if (changes.rows.length > 0) {
        yield* sink.upsert(datasets.master, Stream.fromIterable(slices(changes.rows, parameters.batchSize)));
      }
      const equal = tally.listings - different.length;
      return {
        counts: { ...changes.counts, unchanged: changes.counts.unchanged + equal },
        doubtful: marking.doubtful,
      };
    });

    const holding = yield* Holding.refreshed(sink, datasets, parameters.exchanges, early);
    const { counts, doubtful } = yield* holding.firstId === 1 ? firstLoad() : update(holding);

    yield* sink.upsert(
      datasets.dumps,
      [...new Set([...tally.exchanges, ...parameters.exchanges, ...doubtful.keys()])].sort().map((
        exchange,
      ) => ({
        exchange,
        fetched_at: now,
        listings: tally.of(exchange),
        complete: !doubtful.has(exchange),
      })),
    );
    const rejected = rejectedRows(
      { source: info.id, dataset: datasets.master.name, subject: "dump", time: now },
      rejections,
    );
    if (rejected.length > 0) yield* sink.upsert(rejectedRecords, rejected);

    return { ...counts, rejected: tally.rejected, tally, warnings: [...doubtful.values()] };
  });

const tooManyRejected = (source: string, rejections: ReadonlyArray<Rejection.Rejection>) =>
  new PluginError.PluginError({
    plugin: source,
    operation: "instruments",
    reason: new PluginError.Corrupt({
      message: `more than ${MAX_REJECTED} records of the dump are unusable, the first because of: ${
        rejections[0]!.reason
      }`,
    }),
  });

function* slices<A>(items: ReadonlyArray<A>, size: number): Generator<ReadonlyArray<A>> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
