import { type InstrumentRow, type Source } from "@candlewick/core";
import { startPostgres } from "../postgres.ts";
import { quickClock } from "./clock.ts";
import { type Exchange, type Script, startExchange } from "./exchange.ts";
import { type Ended, runDag } from "./run.ts";
import { type Contents, datasets, list, openStore, type Store } from "./store.ts";

/** A Wednesday, the session of which is over and settled. */
const NOW = Date.parse("2026-03-11T20:00:00+05:30");
/** What is asked for begins here. */
const FROM = "2025-09-01";
/** The last day of a first run, when another is to follow: six sessions before the present one. */
export const EARLIER = "2026-03-02";

/** So few that the daily series of these tests takes three requests, an incremental run one. */
const DAYS_PER_REQUEST = { day: 70, "5minute": 40 };

export const SYMBOLS = ["NSE:EMBERBANK", "NSE:TAR&TALLOW", "NSE:BEESWAX", "NSE:QUILLSOFT"] as const;

/** Requests that a series takes, when nothing goes wrong. */
export const REQUESTS = { first: 3, incremental: 1 } as const;

export interface RunOptions {
  readonly faults?: Script;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** An empty store with the listings of {@link SYMBOLS}, and runs of the DAG `historic` into it. */
export interface Place extends Store {
  readonly run: (options?: RunOptions) => Promise<Ended>;
  /** What the coverage report says is missing of an instrument; undefined when nothing is. */
  readonly missingOf: (symbol: string) => Promise<string | undefined>;
}

/** A PostgreSQL server and a sandbox for the tests of a file. */
export interface Bench extends AsyncDisposable {
  readonly exchange: Exchange;
  readonly listings: ReadonlyArray<InstrumentRow>;
  readonly idOf: (symbol: string) => number;
  /** Requests for candles of an instrument that a run took. */
  readonly requestsFor: (symbol: string, run: Ended) => number;
  /** A place of its own, on a database of its own. */
  readonly at: <A>(use: (place: Place) => Promise<A>) => Promise<A>;
  /** A further connection to the database of a place. */
  readonly reading: <A>(place: Place, use: (store: Store) => Promise<A>) => Promise<A>;
  /** What an undisturbed run stores, also after market events. */
  readonly truth: (events?: Script) => Promise<Contents>;
}

export const startBench = async (): Promise<Bench> => {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startPostgres());
  const clock = quickClock(NOW);
  const exchange = stack.use(await startExchange(clock));
  const urls = new Map<Store["sink"], string>();
  const daysPerRequest: Source.SourceInfo["daysPerRequest"] = DAYS_PER_REQUEST;

  const listings = await (async () => {
    await using store = await openStore(await server.freshDatabase());
    await runDag("instruments", {}, store, { exchange, clock });
    const rows = await store.rows(datasets.master);
    return SYMBOLS.map((symbol) => {
      const [exchange, tradingsymbol] = symbol.split(":");
      return rows.find((row) => row.exchange === exchange && row.tradingsymbol === tradingsymbol)!;
    });
  })();

  const listingOf = (symbol: string) => listings[SYMBOLS.findIndex((one) => one === symbol)]!;

  const at: Bench["at"] = async (use) => {
    const url = await server.freshDatabase();
    await using store = await openStore(url);
    urls.set(store.sink, url);
    await list(store, listings);
    const run: Place["run"] = async ({ faults, parameters, settings } = {}) => {
      exchange.setFaults(faults);
      const asked = { symbols: SYMBOLS, from: FROM, ...parameters };
      const ended = await runDag("historic", asked, store, {
        exchange,
        clock,
        daysPerRequest,
        ...(settings === undefined ? {} : { settings }),
      });
      exchange.setFaults(undefined);
      return ended;
    };
    const missingOf: Place["missingOf"] = async (symbol) => {
      const { summary } = await runDag("coverage", { symbols: SYMBOLS, from: FROM }, store, {
        exchange,
        clock,
      });
      return summary!.failures.find(({ unit }) => unit === symbol)?.message;
    };
    return await use({ ...store, run, missingOf });
  };

  return {
    exchange,
    listings,
    idOf: (symbol) => listingOf(symbol).instrument_id,
    requestsFor: (symbol, { requests }) => requests.get(String(listingOf(symbol).instrument_token)) ?? 0,
    at,
    reading: async (place, use) => {
      await using store = await openStore(urls.get(place.sink)!);
      return await use(store);
    },
    truth: (faults) =>
      at(async ({ contents, run }) => {
        await run(faults === undefined ? {} : { faults });
        return await contents();
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
