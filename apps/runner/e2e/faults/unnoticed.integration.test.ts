import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, EARLIER, type Place, startBench, SYMBOLS } from "./bench.ts";
import type { Contents } from "./store.ts";
import { expectPartOf, expectSameSeries, expectWhole, seriesOf } from "./truth.ts";

/**
 * Answers that are false and well-formed, where nothing is stored that could show it. What the run believes, how a
 * user finds out, and what mends it.
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
  expectSameSeries(truth, contents);
  expect(contents.restatements).toMatchObject([
    { instrument_id: bench.idOf(VICTIM), changed_before: null, factor: null },
  ]);
  await expectNothingToDo(place);
};

describe("an empty answer where data exists, on a first load", () => {
  it("lasting: covered as empty, and the run says that there was no candle; --heal mends it", () =>
    bench.at(async (place) => {
      const end = await place.run({ faults: { rules: [{ fault: "empty", symbol: VICTIM }] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      const row = end.summary!.tables[0]!.rows.find(([symbol]) => symbol === VICTIM);
      expect(row).toEqual([VICTIM, 3, 0, 0, 0, "-", "-", "-"]);
      const contents = await place.contents();
      expect(own(contents)).toEqual([]);
      expect(others(contents)).toEqual(others(truth));
      await expectNothingToDo(place);

      const healed = await place.run({ parameters: { heal: true } });
      expect(healed).toMatchObject({ exit: 0, summary: { outcome: "done" } });
      expect(healed.requests.size).toBe(1);
      expectWhole(truth, await place.contents());
      await expectNothingToDo(place, { heal: true });
    }));

  it.each([
    ["in the middle", 2],
    ["at the end", 3],
  ])(
    "passing, %s: a hole on days of trade; --heal mends it by one request",
    (_, nth) =>
      bench.at(async (place) => {
        const end = await place.run({ faults: { rules: [{ fault: "empty", symbol: VICTIM, nth }] } });
        expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
        const contents = await place.contents();
        expect(own(contents).length).toBeLessThan(own(truth).length);
        expect(own(truth)).toEqual(expect.arrayContaining([...own(contents)]));
        await expectNothingToDo(place);

        const healed = await place.run({ parameters: { heal: true } });
        expect(healed.exit).toBe(0);
        expect([bench.requestsFor(VICTIM, healed), healed.requests.size]).toEqual([1, 1]);
        expectWhole(truth, await place.contents());
      }),
  );

  it("passing, at the beginning: taken for the time before a listing; --refetch mends it", () =>
    bench.at(async (place) => {
      const end = await place.run({ faults: { rules: [{ fault: "empty", symbol: VICTIM, nth: 1 }] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      await expectNothingToDo(place);
      await expectNothingToDo(place, { heal: true });
      await expectRefetchMends(place);
    }));
});

describe("another instrument's candles, on a first load", () => {
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

  it("passing, for older candles: stored beside the true ones, and nothing notices; --refetch mends it", () =>
    bench.at(async (place) => {
      await place.run({
        parameters: { to: EARLIER },
        faults: { rules: [{ fault: "wrong-instrument", symbol: VICTIM, nth: 1 }] },
      });
      const next = await place.run();
      expect(next).toMatchObject({ exit: 0, summary: { outcome: "done" } });
      const contents = await place.contents();
      expect(own(contents)).not.toEqual(own(truth));
      await expectNothingToDo(place, { heal: true });
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
        expectPartOf(truth, contents);
        expect(contents.candles).toEqual(earlier.candles);
      }),
  );
});
