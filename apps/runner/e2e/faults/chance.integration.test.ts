import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, EARLIER, type Place, startBench, SYMBOLS } from "./bench.ts";
import type { Contents } from "./store.ts";
import { falsehoods, seriesIn, seriesOf, wholeOf } from "./truth.ts";

/** Any request may go wrong in any way, by a seed. */
let bench: Bench;
let truth: Contents;
beforeAll(async () => {
  bench = await startBench();
  truth = await bench.truth();
});
afterAll(() => bench[Symbol.asyncDispose]());

const NOTICEABLE = [
  ...["rate-limit", "unavailable", "html", "malformed-json", "cut-gzip", "cut-content", "cut-body", "reset"],
  ...["drip", "slow", "out-of-range", "out-of-order", "duplicated"],
];
/** With stored candles to compare with, these are noticed, too. */
const FALSE = ["wrong-instrument", "empty"];

/** So often that some series fail, and some do not. */
const CHANCE = 0.6;
const FEW_TRIES = { retryAttempts: 2 };

const SEEDS = [1, 2, 3, 4, 5];

/** Runs that fault: whatever comes of them, what is stored is true. Then a healthy one. */
const expectRecovery = async (place: Place, seed: number, of: ReadonlyArray<string>) => {
  let faulted = 0;
  for (const run of [0, 1]) {
    const end = await place.run({
      faults: { seed: 10 * seed + run, rules: [{ fault: "any", chance: CHANCE, of, route: "historical" }] },
      parameters: FEW_TRIES,
    });
    const failed = end.summary!.failures.length;
    const wanted = failed === 0 ? 0 : end.summary!.counts["complete"] === 0 ? 1 : 3;
    expect(end.exit).toBe(wanted);
    const contents = await place.contents();
    expect(falsehoods(truth, contents)).toEqual([]);
    expect(contents.failures.map(({ reason }) => reason)).toHaveLength(failed);
    expect(contents.restatements).toEqual([]);
    expect(contents.revisions).toEqual([]);
    faulted += end.retries.length + failed;
  }
  expect(faulted).toBeGreaterThan(0);
  const healthy = await place.run();
  expect(healthy).toMatchObject({ exit: 0, summary: { counts: { complete: SYMBOLS.length, failed: 0 } } });
  expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
  expect(await place.run()).toMatchObject({ exit: 0, summary: { outcome: "nothing" } });
};

describe("chance over all requests", () => {
  it.each(SEEDS)(
    "on a first load, seed %i: only truth is stored, and a healthy run ends complete",
    (seed) => bench.at((place) => expectRecovery(place, seed, NOTICEABLE)),
  );

  it.each(SEEDS)(
    "on an incremental run, seed %i: only truth is stored, and a healthy run ends complete",
    (seed) =>
      bench.at(async (place) => {
        await place.run({ parameters: { to: EARLIER } });
        await expectRecovery(place, seed, [...NOTICEABLE, ...FALSE]);
      }),
  );

  it.each(SEEDS)(
    "while a history is restated, seed %i: its series is the old one or the new one, whole",
    (seed) =>
      bench.at(async (place) => {
        const split = { fault: "split", symbol: SYMBOLS[1], exDate: "2026-03-05", ratio: 2 };
        const own = ({ candles }: Contents) => seriesOf(bench.idOf(SYMBOLS[1]), candles);
        await place.run({ parameters: { to: EARLIER } });
        const old = own(await place.contents());
        const restated = await bench.truth({ rules: [split] });
        for (const run of [0, 1]) {
          await place.run({
            faults: {
              seed: 10 * seed + run,
              rules: [split, {
                fault: "any",
                chance: CHANCE,
                of: [...NOTICEABLE, ...FALSE],
                route: "historical",
              }],
            },
            parameters: FEW_TRIES,
          });
          const contents = await place.contents();
          expect([old, own(restated)]).toContainEqual(own(contents));
          expect(contents.restatements).toHaveLength(own(contents).length === old.length ? 0 : 1);
          expect(contents.revisions).toEqual([]);
        }
        const healthy = await place.run({ faults: { rules: [split] } });
        expect(healthy).toMatchObject({ exit: 0, summary: { counts: { failed: 0 } } });
        const contents = await place.contents();
        expect(seriesIn(contents)).toEqual(seriesIn(restated));
        expect(contents.restatements).toMatchObject([{ factor: "0.5" }]);
      }),
  );
});
