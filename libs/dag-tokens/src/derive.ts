import {
  type MarketTime,
  type PluginError,
  rejectedRecords,
  rejectedRows,
  type Rejection,
  Sink,
  type Source,
  Where,
} from "@candlewick/core";
import { Clock, Effect, Stream } from "effect";
import type { Dumps, Wanted } from "./decision.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { equitiesOf } from "./equities.ts";
import { currentExpiry, expiriesOf, type Futures, mapFutures, type Mapped, type Rules } from "./futures.ts";
import { violations } from "./integrity.ts";
import type { Listed } from "./listing.ts";
import { type Options, takeOptions } from "./options.ts";
import { refused } from "./refused.ts";
import { distributionRow, type Times, tokenRows } from "./rows.ts";
import { type Datasets, readCash, readDelisted, readFutures, readOptions } from "./store.ts";

/** What the master came to. */
export interface Derived {
  readonly expiry: MarketTime.Day;
  readonly futures: Futures;
  readonly options: Options;
  /** By underlying, of those that have options. */
  readonly distributions: ReadonlyArray<{ readonly of: Mapped; readonly distribution: Distribution }>;
  readonly equities: number;
  /** `undefined` when no future could be mapped, so that nothing was stored. */
  readonly written: Sink.WriteCounts | undefined;
}

/** Violations named in an error; the rest are counted. */
const NAMED = 5;

const chooseExpiry = (
  futures: ReadonlyArray<Listed>,
  rules: Rules,
  { exchange, expiry }: Wanted,
  today: MarketTime.Day,
): { readonly expiry: MarketTime.Day } | { readonly fault: string } => {
  const expiries = expiriesOf(futures, rules);
  if (futures.length === 0) return { fault: `the instrument master holds no future of ${exchange}` };
  if (expiries.length === 0) {
    return {
      fault: `none of the ${futures.length} futures of ${exchange} is known to be on a stock: ` +
        `no listing of ${rules.cashExchange} bears the name of one`,
    };
  }
  const chosen = expiry === undefined
    ? currentExpiry(expiries, today)
    : expiries.find((one) => one === expiry);
  if (chosen !== undefined) return { expiry: chosen };
  const there = `futures on stocks expire on ${expiries.join(", ")}`;
  return {
    fault: expiry === undefined
      ? `no future on a stock in ${exchange} expires on or after ${today}; ${there}`
      : `no future on a stock in ${exchange} expires on ${expiry}; ${there}`,
  };
};

const distributionsOf = (taken: Options["taken"]): Derived["distributions"] =>
  [...Map.groupBy(taken, ({ of }) => of.equity.instrument_id).values()].map((own) => {
    const [first, ...rest] = own.map(({ option, strike }) => ({
      strike,
      type: option.instrument_type === "CE" ? "CE" as const : "PE" as const,
    }));
    return { of: own[0]!.of, distribution: distributionOf([first!, ...rest]) };
  }).sort((left, right) => (left.of.underlying < right.of.underlying ? -1 : 1));

const rawOf = (listing: Listed): string => JSON.stringify(listing);

/** What is not in the table though it is of the expiry and on a stock. */
const rejectionsOf = (futures: Futures, options: Options): ReadonlyArray<Rejection.Rejection> => [
  ...futures.unmapped.map(({ future, reason }) => ({ reason: `unmapped: ${reason}`, raw: rawOf(future) })),
  ...options.rejected.map(({ option, reason }) => ({ reason, raw: rawOf(option) })),
];

/** Fails with the first violations of the stored table, so that the transaction around it leaves nothing. */
const checkStored = Effect.fnUntraced(function* (info: Source.SourceInfo, datasets: Datasets) {
  const sink = yield* Sink.Sink;
  const rows = (yield* Stream.runCollect(sink.select(datasets.tokens, {
    columns: [
      "instrument_id",
      "token",
      "exchange",
      "tradingsymbol",
      "token_type",
      "expiry",
      "equity_id",
      "futures_id",
    ],
    orderBy: ["instrument_id"],
  }))).flat();
  const found = violations(rows);
  if (found.length === 0) return;
  const more = found.length > NAMED ? `; and ${found.length - NAMED} more` : "";
  return yield* refused(
    info,
    `${datasets.tokens.name} would not be whole, so nothing was stored: ${
      found.slice(0, NAMED).join("; ")
    }${more}`,
  );
});

const store = Effect.fnUntraced(function* (
  info: Source.SourceInfo,
  datasets: Datasets,
  wanted: Wanted,
  derived: Omit<Derived, "written" | "equities">,
  times: Times,
) {
  const sink = yield* Sink.Sink;
  const { distributions, expiry, futures, options } = derived;
  const rows = tokenRows(futures.mapped, options.taken, times);
  const written = yield* sink.replace(datasets.tokens, Where.all, rows);
  yield* checkStored(info, datasets);
  yield* sink.replace(
    datasets.strikes,
    Where.all,
    distributions.map(({ distribution, of }) => distributionRow(of, distribution, times)),
  );
  const where = Where.on(rejectedRecords);
  yield* sink.replace(
    rejectedRecords,
    [where.eq("source", info.id), where.eq("dataset", datasets.tokens.name)],
    rejectedRows(
      { source: info.id, dataset: datasets.tokens.name, subject: expiry, time: times.now },
      rejectionsOf(futures, options),
    ),
  );
  const equities = rows.length - futures.mapped.length - options.taken.length;
  yield* sink.replace(datasets.derivations, Where.all, [{
    exchange: wanted.exchange,
    cash_exchange: wanted.cashExchange,
    expiry,
    is_current: wanted.expiry === undefined,
    dump_fetched_at: times.dump,
    cash_dump_fetched_at: times.cashDump,
    futures: futures.mapped.length,
    equities,
    options: options.taken.length,
    unmapped: futures.unmapped.length,
    derived_at: times.now,
  }]);
  return { equities, written };
});

/**
 * Derives the tokens from the stored master and puts them in the place of the old ones, in one transaction that no
 * import of instruments comes between. Stores nothing when no future can be mapped.
 */
export const derive = (
  info: Source.SourceInfo,
  datasets: Datasets,
  wanted: Wanted,
  today: MarketTime.Day,
  { cashDump, dump }: Dumps,
): Effect.Effect<Derived, PluginError.PluginError, Sink.Sink> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis;
    const { underlyings } = info;
    const { cashExchange, exchange } = wanted;
    const rules: Rules = {
      underlyings,
      cashExchange,
      equities: equitiesOf(yield* readCash(datasets, cashExchange), underlyings),
      delisted: equitiesOf(yield* readDelisted(datasets, cashExchange), underlyings),
    };
    const all = yield* readFutures(datasets, exchange);
    const choice = chooseExpiry(all, rules, wanted, today);
    if ("fault" in choice) return yield* refused(info, choice.fault);
    const { expiry } = choice;
    const futures = mapFutures(all, expiry, rules);
    const options = takeOptions(yield* readOptions(datasets, exchange, expiry), futures, rules);
    const derived = { expiry, futures, options, distributions: distributionsOf(options.taken) };
    if (futures.mapped.length === 0) return { ...derived, equities: 0, written: undefined };
    const times = { dump: dump.fetchedAt, cashDump: cashDump.fetchedAt, now };
    return { ...derived, ...(yield* store(info, datasets, wanted, derived, times)) };
  });
