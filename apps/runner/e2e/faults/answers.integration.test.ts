import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, EARLIER, type Place, REQUESTS, startBench, SYMBOLS } from "./bench.ts";
import { HARMLESS, type Kind, KINDS } from "./kinds.ts";
import type { Contents } from "./store.ts";
import { falsehoods, wholeOf } from "./truth.ts";

let bench: Bench;
let truth: Contents;
beforeAll(async () => {
  bench = await startBench();
  truth = await bench.truth();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** The instrument whose requests fault. */
const VICTIM = SYMBOLS[1];

/** Tries that a lasting fault is given; what is about time takes its time for each. */
const triesOf = ({ isAboutTime }: Kind): number => isAboutTime === true ? 2 : 4;
const settingsOf = ({ settings }: Kind) => settings === undefined ? {} : { settings };

/** Whether requests can be counted: those of the run, and no more of them than it needs. */
const isExact = ({ isAboutTime, isSentAgain }: Kind): boolean => isAboutTime !== true && isSentAgain !== true;

/** Pauses that a rate limit gets before a run gives up, and the refusal after them. */
const REFUSALS = 21;

/** Stores all but the last days, so that the next run is incremental. */
const begin = async (stage: Stage, place: Place): Promise<void> => {
  if (stage === "first") return;
  expect((await place.run({ parameters: { to: EARLIER } })).exit).toBe(0);
};

const expectNothingToDo = async (place: Place): Promise<void> => {
  const again = await place.run();
  expect(again).toMatchObject({ exit: 0, summary: { outcome: "nothing" } });
  expect(again.requests.size).toBe(0);
};

type Stage = keyof typeof REQUESTS;
const stages = [
  { stage: "first", name: "on a first load" },
  { stage: "incremental", name: "on an incremental run" },
] as const;

describe.each(stages)("$name", ({ stage }) => {
  const kinds = KINDS.filter(({ needsHistory }) => stage === "incremental" || needsHistory !== true);

  it.each(kinds)("$name, passing: the run recovers, exit code 0", (kind) =>
    bench.at(async (place) => {
      await begin(stage, place);
      const end = await place.run({
        ...settingsOf(kind),
        faults: {
          rules: [{ ...kind.rule, symbol: VICTIM, nth: 1, times: kind.isSentAgain === true ? 3 : 2 }],
        },
      });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done", failures: [] } });
      const counted = kind.reason === "RateLimited" ? [1, 1] : kind.isSentAgain === true ? [1] : [1, 2];
      const retries = end.retries.filter(({ operation }) => operation.includes(VICTIM));
      expect(retries.slice(0, counted.length)).toMatchObject(
        counted.map((attempt) => ({
          reason: kind.reason,
          attempt,
          message: expect.stringMatching(kind.says),
        })),
      );
      if (isExact(kind)) {
        expect(end.retries).toHaveLength(2);
        expect(bench.requestsFor(VICTIM, end)).toBe(REQUESTS[stage] + 2);
      }
      expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
      await expectNothingToDo(place);
    }));

  it.each(kinds)(
    "$name, lasting for one instrument: it alone fails, exit code 3, and a later run mends it",
    (kind) =>
      bench.at(async (place) => {
        await begin(stage, place);
        const before = await place.contents();
        const end = await place.run({
          ...settingsOf(kind),
          parameters: { retryAttempts: triesOf(kind) },
          faults: { rules: [{ ...kind.rule, symbol: VICTIM }] },
        });
        expect(end).toMatchObject({
          exit: 3,
          summary: { outcome: "partial", counts: { complete: 3, failed: 1 } },
        });
        expect(end.summary!.failures).toMatchObject([
          { unit: VICTIM, reason: kind.reason, message: expect.stringMatching(kind.says) },
        ]);
        const tries = kind.reason === "RateLimited" ? REFUSALS : triesOf(kind);
        if (isExact(kind)) expect(bench.requestsFor(VICTIM, end)).toBe(tries);

        const instrument_id = bench.idOf(VICTIM);
        const after = await place.contents();
        expect(falsehoods(truth, after)).toEqual([]);
        const own = ({ candles }: Contents) => candles.filter((row) => row.instrument_id === instrument_id);
        expect(own(after)).toEqual(own(before));
        expect(after.failures).toMatchObject([
          {
            source: "kite",
            instrument_id,
            interval: "day",
            reason: kind.reason,
            tries,
            message: expect.stringMatching(kind.says),
          },
        ]);

        if (kind === kinds[0]) expect(await place.missingOf(VICTIM)).toMatch(/failed.*429/s);

        const healthy = await place.run();
        expect(healthy).toMatchObject({ exit: 0, summary: { outcome: "done", counts: { complete: 4 } } });
        expect(healthy.requests.size).toBe(1);
        expect(bench.requestsFor(VICTIM, healthy)).toBe(REQUESTS[stage]);
        expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
        await expectNothingToDo(place);
      }),
  );

  it.each(HARMLESS)("$name: the run waits, exit code 0", ({ rule }) =>
    bench.at(async (place) => {
      await begin(stage, place);
      const end = await place.run({ faults: { rules: [{ ...rule }] } });
      expect(end).toMatchObject({ exit: 0, summary: { outcome: "done" }, retries: [] });
      expect(wholeOf(await place.contents())).toEqual(wholeOf(truth));
    }));
});

it("a fault in the middle of a long series: what was committed before it stays, and the rest alone is asked for", () =>
  bench.at(async (place) => {
    const parameters = { interval: "5minute", symbols: [VICTIM] };
    const whole = await bench.at(async (other) => {
      const end = await other.run({ parameters });
      return { requests: bench.requestsFor(VICTIM, end), contents: await other.contents() };
    });
    const nth = whole.requests;
    const end = await place.run({
      parameters,
      faults: { rules: [{ fault: "cut-body", symbol: VICTIM, nth, times: "always" }] },
    });
    expect(end).toMatchObject({ exit: 1, summary: { failures: [{ unit: VICTIM, reason: "Corrupt" }] } });
    const contents = await place.contents();
    expect(falsehoods(whole.contents, contents)).toEqual([]);
    expect(contents.candles.length).toBeGreaterThan(5_000);
    expect(contents.failures).toMatchObject([{ reason: "Corrupt", tries: 4 }]);
    expect(contents.failures[0]!.range_start).toBeGreaterThan(contents.candles[0]!.ts);

    const rest = await place.run({ parameters });
    expect(rest.exit).toBe(0);
    expect(bench.requestsFor(VICTIM, rest)).toBeLessThan(nth);
    expect(wholeOf(await place.contents())).toEqual(wholeOf(whole.contents));
  }));
