import { rejectedRecords } from "@candlewick/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type TestServer } from "../postgres.ts";
import { quickClock } from "./clock.ts";
import { type Exchange, type Rule, startExchange } from "./exchange.ts";
import { DUMP_KINDS } from "./kinds.ts";
import { type Ended, runDag, type Running } from "./run.ts";
import { datasets, openStore, type Store } from "./store.ts";

/** The dump of one day, and the dump of a later one, with listings come, gone and renamed. */
const DAYS = ["2026-01-14T20:00:00+05:30", "2026-03-11T20:00:00+05:30"] as const;

let server: TestServer;
let earlier: Running & { readonly exchange: Exchange & AsyncDisposable };
let later: typeof earlier;
let truth: { readonly first: Listings; readonly incremental: Listings };
beforeAll(async () => {
  server = await startPostgres();
  [earlier, later] = await Promise.all(DAYS.map(async (day) => {
    const clock = quickClock(Date.parse(day));
    return { clock, exchange: await startExchange(clock) };
  })) as [typeof earlier, typeof earlier];
  truth = {
    first: await atStore(async (store) => {
      await load(store, later);
      return await listings(store);
    }),
    incremental: await atStore(async (store) => {
      await load(store, earlier);
      await load(store, later);
      return await listings(store);
    }),
  };
});
afterAll(async () => {
  await Promise.all([earlier, later].map(({ exchange }) => exchange[Symbol.asyncDispose]()));
  await server[Symbol.asyncDispose]();
});

type Listings = Awaited<ReturnType<typeof listings>>;

const listings = async ({ rows }: Store) => ({
  master: await rows(datasets.master),
  history: await rows(datasets.history),
  dumps: await rows(datasets.dumps),
  rejected: (await rows(rejectedRecords)).map(({ raw, reason }) => ({ raw, reason })),
});

const atStore = async <A>(use: (store: Store) => Promise<A>): Promise<A> => {
  await using store = await openStore(await server.freshDatabase());
  return await use(store);
};

const load = async (store: Store, running: Running, rules: ReadonlyArray<Rule> = []): Promise<Ended> => {
  running.exchange.setFaults({ rules });
  const end = await runDag("instruments", { retryAttempts: 2 }, store, running);
  running.exchange.setFaults(undefined);
  return end;
};

/** On the route of dumps alone: a run asks who is logged in, too. */
const dumps = { route: "instruments" };

const stages = [
  { stage: "first", name: "on a first load" },
  { stage: "incremental", name: "on a store with the dump of an earlier day" },
] as const;

describe.each(stages)("a dump, $name", ({ stage }) => {
  // Silence is the same silence whatever the store holds.
  it.each(DUMP_KINDS.filter(({ isAboutTime }) => stage === "first" || isAboutTime !== true))(
    "$name: lasting, nothing of it is stored and the exit code is 1; passing, the run recovers",
    ({ isSentAgain, reason, rule, says, settings = {} }) =>
      atStore(async (store) => {
        if (stage === "incremental") await load(store, earlier);
        const before = await listings(store);
        const patient = { ...later, settings };

        const failed = await load(store, patient, [{ ...rule, ...dumps }]);
        expect(failed).toMatchObject({ exit: 1, message: expect.stringMatching(says) });
        expect(failed.retries.at(-1)).toMatchObject({ reason });
        expect(await listings(store)).toEqual(before);

        const mended = await load(store, patient, [{ ...rule, ...dumps, times: 1 }]);
        expect(mended).toMatchObject({ exit: 0, summary: { outcome: "done" } });
        expect(mended.retries.length).toBe(isSentAgain === true ? mended.retries.length : 1);
        expect(await listings(store)).toEqual(truth[stage]);
        expect(await load(store, later)).toMatchObject({ exit: 0, summary: { outcome: "nothing" } });
      }),
  );
});
