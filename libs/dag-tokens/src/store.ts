import {
  instrumentDumps,
  instrumentMaster,
  type PluginError,
  rejectedRecords,
  Sink,
  type Source,
  Where,
} from "@candlewick/core";
import { Effect, Stream } from "effect";
import { type DerivationRow, derivations, strikeDistribution, tokens } from "./datasets.ts";
import { columns, type Listed } from "./listing.ts";

/** The datasets of this job at one source. */
export const datasetsOf = (info: Source.SourceInfo) => ({
  master: instrumentMaster(info),
  dumps: instrumentDumps(info),
  tokens: tokens(info),
  strikes: strikeDistribution(info),
  derivations: derivations(info),
});

export type Datasets = ReturnType<typeof datasetsOf>;

export const ensureAll = Effect.fnUntraced(function* (datasets: Datasets) {
  const sink = yield* Sink.Sink;
  for (const dataset of [...Object.values(datasets), rejectedRecords]) yield* sink.ensure(dataset);
});

/** When the stored master's listings of an exchange were fetched; `undefined` when they never were. */
export interface Dump {
  readonly fetchedAt: number;
  /** `false` when the dump was so small that nothing of it was marked as delisted. */
  readonly complete: boolean;
}

/** What the store holds of the derivatives and of the equities, and what its tokens were derived from. */
export interface Stored {
  readonly dump: Dump | undefined;
  readonly cashDump: Dump | undefined;
  readonly derivation: DerivationRow | undefined;
}

export const readStored = Effect.fnUntraced(function* (
  { derivations, dumps }: Datasets,
  chosen: { readonly exchange: string; readonly cashExchange: string },
) {
  const sink = yield* Sink.Sink;
  const rows = (yield* Stream.runCollect(sink.select(dumps))).flat();
  const dumpOf = (wanted: string): Dump | undefined => {
    const row = rows.find(({ exchange }) => exchange === wanted);
    return row === undefined ? undefined : { fetchedAt: row.fetched_at, complete: row.complete };
  };
  const stored: Stored = {
    dump: dumpOf(chosen.exchange),
    cashDump: dumpOf(chosen.cashExchange),
    derivation: (yield* Stream.runCollect(sink.select(derivations))).flat()[0],
  };
  return stored;
});

const listings = Effect.fnUntraced(function* (
  { master }: Datasets,
  where: Where.Where,
): Effect.fn.Return<ReadonlyArray<Listed>, PluginError.PluginError, Sink.Sink> {
  const sink = yield* Sink.Sink;
  const found = sink.select(master, { columns, where, orderBy: ["instrument_id"] });
  return (yield* Stream.runCollect(found)).flat();
});

/** The current futures of an exchange. */
export const readFutures = (datasets: Datasets, exchange: string) => {
  const where = Where.on(datasets.master);
  return listings(datasets, [
    where.isNull("delisted_at"),
    where.eq("exchange", exchange),
    where.eq("instrument_type", "FUT"),
  ]);
};

/** The current options of an exchange that expire on a day. */
export const readOptions = (datasets: Datasets, exchange: string, expiry: string) => {
  const where = Where.on(datasets.master);
  return listings(datasets, [
    where.isNull("delisted_at"),
    where.eq("exchange", exchange),
    where.in("instrument_type", ["CE", "PE"]),
    where.eq("expiry", expiry),
  ]);
};

/** The current listings of an exchange that do not expire. */
export const readCash = (datasets: Datasets, exchange: string) => {
  const where = Where.on(datasets.master);
  return listings(datasets, [
    where.isNull("delisted_at"),
    where.eq("exchange", exchange),
    where.isNull("expiry"),
  ]);
};

/** The listings of an exchange that did not expire and are gone. */
export const readDelisted = (datasets: Datasets, exchange: string) => {
  const where = Where.on(datasets.master);
  return listings(datasets, [
    where.isNotNull("delisted_at"),
    where.eq("exchange", exchange),
    where.isNull("expiry"),
  ]);
};
