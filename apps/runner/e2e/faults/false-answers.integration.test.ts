import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, EARLIER, type Place, REQUESTS, startBench, SYMBOLS } from "./bench.ts";
import type { Contents } from "./store.ts";
import { falsehoods, seriesIn, seriesOf, wholeOf } from "./truth.ts";

/**
 * Answers that are false and well-formed, where nothing is stored to compare them with. Neighbouring requests reach
 * into each other and show most of them; what they cannot show, how a user finds out, and what mends it.
 */
let bench: Bench;
let truth: Contents;
let earlier: Contents;
beforeAll(async () => {
  bench = await startBench();
  truth = await bench.truth();
  earlier = await bench.at(async ({ contents, run }) => {
    await run({ parameters: { to: EARLIER } });
    return await contents();
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

const VICTIM = SYMBOLS[1];
const own = ({ candles }: Contents) => seriesOf(bench.idOf(VICTIM), candles);
const others = ({ candles }: Contents) => candles.filter((row) => row.instrument_id !== bench.idOf(VICTIM));

const expectNothingToDo = async (place: Place, parameters: Readonly<Record<string, unknown>> = {}) => {
  const again = await place.run({ parameters });
  expect(again).toMatchObject({ exit: 0, summary: { outcome: "nothing" } });
  expect(again.requests.size).toBe(0);
};

/** `--refetch --symbols=...` brings the truth, and says in `restatements` that it was done on demand. */
const expectRefetchMends = async (place: Place) => {
  const refetch = await place.run({ parameters: { symbols: [VICTIM], refetch: true } });
  expect(refetch).toMatchObject({ exit: 0, summary: { counts: { restated: 1 } } });
  const contents = await place.contents();
  expect(seriesIn(contents)).toEqual(seriesIn(truth));
  expect(contents.restatements).toMatchObject([
    { instrument_id: bench.idOf(VICTIM), changed_before: null, factor: null },
  ]);
  await expectNothingToDo(place);
};

describe("an empty answer where data exists, on a first load", () => {
  it.each([1, 2, 3])(
    "passing, request %i of three: its neighbours show it, and it is asked for again",
    (nth) =>
      bench.at(async (place) => {
        const end = await place.run({
          faults: { rules: [{ fault: "empty", symbol: VICTIM, nth, times: 1 }] },
        });
        expect(end).toMatchObject({ exit: 0, summary: { outcome: "done", failures: [] } });
        expect(bench.requestsFor(VICTIM, end)).toBe(REQUESTS.first + 1);
        expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
        await expectNothingToDo(place);
      }),
  );

  it("lasting: asked for once more, then covered as empty, and the run shows no candle; --heal mends it", () =>
    bench.at(async (place) => {
      const end = await place.run({ faults: { rules: [{ fault: "empty", symbol: VICTIM }] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      const row = end.summary!.tables[0]!.rows.find(([symbol]) => symbol === VICTIM);
      expect(row).toEqual([VICTIM, REQUESTS.first + 1, 0, 0, 0, "-", "-", "-"]);
      const contents = await place.contents();
      expect(own(contents)).toEqual([]);
      expect(others(contents)).toEqual(others(truth));
      await expectNothingToDo(place);
      expect(await place.missingOf(VICTIM)).toMatch(
        new RegExp(`${own(truth).length} sessions.*answered empty`),
      );

      const healed = await place.run({ parameters: { heal: true } });
      expect(healed).toMatchObject({ exit: 0, summary: { outcome: "done" } });
      expect(healed.requests.size).toBe(1);
      expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
      await expectNothingToDo(place, { heal: true });
    }));

  it("given twice for the oldest days: taken for the time before a listing; --refetch mends it", () =>
    bench.at(async (place) => {
      // The third request asks for the first once more.
      const empty = [1, 3].map((nth) => ({ fault: "empty", symbol: VICTIM, nth, times: 1 }));
      const end = await place.run({ faults: { rules: empty } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      const contents = await place.contents();
      expect(own(contents).length).toBeGreaterThan(0);
      expect(own(truth).slice(-own(contents).length)).toEqual(own(contents));
      expect(await place.missingOf(VICTIM)).toBeUndefined();
      await expectNothingToDo(place, { heal: true });
      await expectRefetchMends(place);
    }));
});

describe("another instrument's candles, on a first load", () => {
  it("passing, for later days: its neighbour shows it, and they are asked for again", () =>
    bench.at(async (place) => {
      const wrong = { fault: "wrong-instrument", symbol: VICTIM, nth: 2, times: 2 };
      const end = await place.run({ faults: { rules: [wrong] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done", failures: [] } });
      expect(end.retries).toMatchObject([{ reason: "Corrupt", attempt: 1 }, {
        reason: "Corrupt",
        attempt: 2,
      }]);
      expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
    }));

  it("passing, for the oldest days: later ones contradict them, and they are asked for again", () =>
    bench.at(async (place) => {
      const wrong = { fault: "wrong-instrument", symbol: VICTIM, nth: 1, times: 1 };
      const end = await place.run({ faults: { rules: [wrong] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done", failures: [] } });
      expect(end.retries.every(({ reason }) => reason === "Corrupt")).toBe(true);
      expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
    }));

  it("lasting: stored; the next incremental run refuses the true ones and names the way out; --refetch mends it", () =>
    bench.at(async (place) => {
      const end = await place.run({
        parameters: { to: EARLIER },
        faults: { rules: [{ fault: "wrong-instrument", symbol: VICTIM }] },
      });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      const before = await place.contents();
      expect(own(before).length).toBeGreaterThan(0);
      expect(own(earlier)).not.toEqual(expect.arrayContaining([...own(before)]));

      const next = await place.run();
      expect(next).toMatchObject({ exit: 3, summary: { outcome: "partial", counts: { complete: 3 } } });
      expect(next.summary!.failures).toMatchObject([
        { unit: VICTIM, reason: "Corrupt", message: expect.stringContaining("--refetch with --symbols") },
      ]);
      const after = await place.contents();
      expect(own(after)).toEqual(own(before));
      expect(others(after)).toEqual(others(truth));
      expect(after.failures).toMatchObject([
        {
          instrument_id: bench.idOf(VICTIM),
          reason: "Corrupt",
          message: expect.stringContaining("--refetch"),
        },
      ]);
      await expectRefetchMends(place);
    }));
});

describe("on an incremental run, the same answers", () => {
  it.each(["empty", "wrong-instrument"])(
    "%s: nothing of them is stored",
    (fault) =>
      bench.at(async (place) => {
        await place.run({ parameters: { to: EARLIER } });
        const end = await place.run({ faults: { rules: [{ fault }] } });
        expect(end).toMatchObject({
          exit: 1,
          summary: { outcome: "failed", counts: { failed: SYMBOLS.length } },
        });
        const contents = await place.contents();
        expect(falsehoods(truth, contents)).toEqual([]);
        expect(contents.candles).toEqual(earlier.candles);
      }),
  );
});
