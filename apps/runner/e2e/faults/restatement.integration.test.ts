import type { CandleRow } from "@candlewick/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, EARLIER, type Place, REQUESTS, startBench, SYMBOLS } from "./bench.ts";
import type { Rule } from "./exchange.ts";
import type { Contents } from "./store.ts";
import { seriesIn, seriesOf } from "./truth.ts";

let bench: Bench;
let before: Contents;
beforeAll(async () => {
  bench = await startBench();
  before = await bench.truth();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** The instrument whose history changes. */
const VICTIM = SYMBOLS[1];
const own = ({ candles }: Pick<Contents, "candles">) => seriesOf(bench.idOf(VICTIM), candles);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+05:30`);

/** Notices by the ordinary request, and fetches the series afresh. */
const RESTATING = REQUESTS.incremental + REQUESTS.first;

const expectRequests = (end: Awaited<ReturnType<Place["run"]>>, ofVictim: number) => {
  for (const symbol of SYMBOLS) {
    const wanted = symbol === VICTIM ? ofVictim : REQUESTS.incremental;
    expect(bench.requestsFor(symbol, end), symbol).toBe(wanted);
  }
};

const expectNothingToDo = async (place: Place, rules: ReadonlyArray<Rule>) => {
  const again = await place.run({ faults: { rules } });
  expect(again).toMatchObject({ exit: 0, summary: { outcome: "nothing" } });
  expect(again.requests.size).toBe(0);
};

const events: ReadonlyArray<{
  readonly name: string;
  readonly rules: ReadonlyArray<Rule>;
  readonly factor: string | null;
  /** Candles before this day were seen to have changed; by default all that is stored. */
  readonly changedBefore?: string;
}> = [
  {
    name: "a split",
    rules: [{ fault: "split", symbol: VICTIM, exDate: "2026-03-05", ratio: 2 }],
    factor: "0.5",
  },
  {
    name: "a bonus, one for two",
    rules: [{ fault: "bonus", symbol: VICTIM, exDate: "2026-03-10", ratio: 1.5 }],
    factor: "0.666667",
  },
  {
    name: "the adjustment of a demerger, some days late",
    rules: [{ fault: "adjust", symbol: VICTIM, exDate: "2026-02-24", factor: 0.85 }],
    factor: "0.85",
    changedBefore: "2026-02-24",
  },
  {
    name: "two events at once, both new",
    rules: [
      { fault: "split", symbol: VICTIM, exDate: "2026-03-05", ratio: 5 },
      { fault: "adjust", symbol: VICTIM, exDate: "2026-03-09", factor: 0.9 },
    ],
    factor: "0.18",
  },
  {
    name: "two events at once, one of them late",
    rules: [
      { fault: "split", symbol: VICTIM, exDate: "2026-02-20", ratio: 5 },
      { fault: "adjust", symbol: VICTIM, exDate: "2026-03-09", factor: 0.9 },
    ],
    factor: null,
  },
];

it("while nothing changes, an incremental run takes one request a series", () =>
  bench.at(async (place) => {
    await place.run({ parameters: { to: EARLIER } });
    const end = await place.run();
    expect(end.summary!.counts).toMatchObject({ restated: 0, revised: 0 });
    expectRequests(end, REQUESTS.incremental);
  }));

describe("a history that the vendor restates", () => {
  it.each(events)(
    "$name: noticed by the ordinary request, recorded, the series the truth after it",
    (event) =>
      bench.at(async (place) => {
        const { factor, rules } = event;
        await place.run({ parameters: { to: EARLIER } });
        const stored = (await place.contents()).candles.filter((row) =>
          row.instrument_id === bench.idOf(VICTIM)
        );
        const truth = await bench.truth({ rules });
        expect(own(truth)).not.toEqual(own(before));

        const end = await place.run({ faults: { rules } });
        expect(end).toMatchObject({ exit: 0, summary: { counts: { restated: 1, revised: 0, complete: 4 } } });
        expect(end.summary!.notes.join("\n")).toContain(VICTIM);
        expectRequests(end, RESTATING);
        const contents = await place.contents();
        expect(seriesIn(contents)).toEqual(seriesIn(truth));
        expect(contents.restatements).toEqual([{
          source: "kite",
          instrument_id: bench.idOf(VICTIM),
          interval: "day",
          detected_at: contents.candles[0]!.fetched_at,
          changed_before: event.changedBefore === undefined
            ? stored.at(-1)!.ts + 1
            : midnight(event.changedBefore),
          factor,
          candles: own(truth).length,
        }]);
        expect(contents.revisions).toEqual([]);
        await expectNothingToDo(place, rules);
      }),
  );

  it("fails half-way: the old series stays, exit code 3, and the next run tries again", () =>
    bench.at(async (place) => {
      const { rules } = events[0]!;
      await place.run({ parameters: { to: EARLIER } });
      const old = own(await place.contents());
      const truth = await bench.truth({ rules });
      // The first request notices it, the second brings a part of the new series.
      const away: Rule = { fault: "unavailable", symbol: VICTIM, nth: 3, times: "always" };
      const end = await place.run({ faults: { rules: [...rules, away] } });
      expect(end).toMatchObject({
        exit: 3,
        summary: { outcome: "partial", counts: { restated: 0, failed: 1 } },
      });
      const contents = await place.contents();
      expect(own(contents)).toEqual(old);
      expect(contents.restatements).toEqual([]);
      expect(contents.failures).toMatchObject([
        { instrument_id: bench.idOf(VICTIM), reason: "Unavailable", tries: 4 },
      ]);

      const next = await place.run({ faults: { rules } });
      expect(next).toMatchObject({ exit: 0, summary: { counts: { restated: 1 } } });
      const mended = await place.contents();
      expect(seriesIn(mended)).toEqual(seriesIn(truth));
      expect(mended.restatements).toHaveLength(1);
      await expectNothingToDo(place, rules);
    }));

  it.each(["wrong-instrument", "empty"])(
    "%s among the answers to the refetch: not believed, asked for again",
    (fault) =>
      bench.at(async (place) => {
        const { rules } = events[0]!;
        await place.run({ parameters: { to: EARLIER } });
        const old = own(await place.contents());
        const truth = await bench.truth({ rules });
        const lasting: Rule = { fault, symbol: VICTIM, nth: 2, times: "always" };
        const end = await place.run({ faults: { rules: [...rules, lasting] } });
        expect(end).toMatchObject({ exit: 3, summary: { failures: [{ unit: VICTIM, reason: "Corrupt" }] } });
        expect(own(await place.contents())).toEqual(old);

        const passing: Rule = { fault, symbol: VICTIM, nth: 3, times: 2 };
        const next = await place.run({ faults: { rules: [...rules, passing] } });
        expect(next).toMatchObject({ exit: 0, summary: { counts: { restated: 1 } } });
        expect(seriesIn(await place.contents())).toEqual(seriesIn(truth));
      }),
  );

  it("whoever reads meanwhile sees the old series or the new one, never a mix", () =>
    bench.at(async (place) => {
      const { rules } = events[0]!;
      await place.run({ parameters: { to: EARLIER } });
      const isVictims = ({ instrument_id }: CandleRow) => instrument_id === bench.idOf(VICTIM);
      const texts = ({ candles }: Pick<Contents, "candles">) =>
        JSON.stringify(own({ candles: candles.filter(isVictims) }));
      const old = texts(await place.contents());
      const truth = texts(await bench.truth({ rules }));
      const seen: Array<string> = [];
      await bench.reading(place, async (reader) => {
        let isOver = false;
        const run = place.run({
          faults: { rules: [...rules, { fault: "slow", symbol: VICTIM, milliseconds: 50 }] },
        }).finally(() => isOver = true);
        const look = async () => seen.push(texts({ candles: await reader.candles() }));
        while (!isOver) await look();
        await look();
        expect((await run).summary!.counts).toMatchObject({ restated: 1 });
      });
      expect(seen.filter((series) => series !== old && series !== truth)).toEqual([]);
      expect([seen[0], seen.at(-1)]).toEqual([old, truth]);
      expect(seen.length).toBeGreaterThan(3);
    }));
});

describe("a late correction of one day", () => {
  it("is stored with old and new in candle_revisions, and is not taken for a split", () =>
    bench.at(async (place) => {
      await place.run({ parameters: { to: EARLIER } });
      const day = "2026-02-25";
      const old = (await place.contents()).candles.find((row) =>
        row.instrument_id === bench.idOf(VICTIM) && row.ts === midnight(day)
      )!;
      const close = Number(old.low) === Number(old.close) ? Number(old.high) : Number(old.low);
      const rules = [{ fault: "correction", symbol: VICTIM, day, set: { close, volume: old.volume + 7 } }];
      const truth = await bench.truth({ rules });
      const end = await place.run({ faults: { rules } });
      expect(end).toMatchObject({ exit: 0, summary: { counts: { restated: 0, revised: 1 } } });
      expectRequests(end, REQUESTS.incremental);
      const contents = await place.contents();
      expect(seriesIn(contents)).toEqual(seriesIn(truth));
      expect(contents.restatements).toEqual([]);
      expect(contents.revisions).toEqual([{
        source: "kite",
        instrument_id: old.instrument_id,
        interval: "day",
        ts: old.ts,
        revised_at: old.fetched_at,
        old_open: old.open,
        old_high: old.high,
        old_low: old.low,
        old_close: old.close,
        old_volume: old.volume,
        old_oi: old.oi,
        new_open: old.open,
        new_high: old.high,
        new_low: old.low,
        new_close: String(close),
        new_volume: old.volume + 7,
        new_oi: old.oi,
      }]);
      await expectNothingToDo(place, rules);
    }));

  it("that happens to halve all prices of the oldest day compared is none, either", () =>
    bench.at(async (place) => {
      await place.run({ parameters: { to: EARLIER } });
      // The overlap of this run begins 30 days before what is missing.
      const compared = (await place.contents()).candles.filter((row) =>
        row.instrument_id === bench.idOf(VICTIM) && row.ts >= midnight(EARLIER) - 29 * 86_400_000
      );
      const old = compared[0]!;
      const half = (price: string) => Number((Number(price) / 2).toFixed(2));
      const rules = [{
        fault: "correction",
        symbol: VICTIM,
        day: new Date(old.ts + 6 * 3_600_000).toISOString().slice(0, 10),
        set: { open: half(old.open), high: half(old.high), low: half(old.low), close: half(old.close) },
      }];
      const truth = await bench.truth({ rules });
      const end = await place.run({ faults: { rules } });
      expect(end).toMatchObject({ exit: 0, summary: { counts: { restated: 0, revised: 1 } } });
      // Older candles tell, by a request of their own.
      expectRequests(end, REQUESTS.incremental + 1);
      expect(seriesIn(await place.contents())).toEqual(seriesIn(truth));
    }));
});

it("a day that the vendor lacks is answered empty; once it is there, --heal fetches it by one request", () =>
  bench.at(async (place) => {
    const day = "2025-12-10";
    const end = await place.run({ faults: { rules: [{ fault: "missing-day", day }] } });
    expect(end.exit).toBe(0);
    const stored = (await place.contents()).candles;
    expect(stored.some(({ ts }) => ts === midnight(day))).toBe(false);
    expect(await place.missingOf(VICTIM)).toMatch(new RegExp(`${day}.*answered empty`));
    const healed = await place.run({ parameters: { heal: true } });
    expect(healed.exit).toBe(0);
    expectRequests(healed, REQUESTS.incremental);
    expect(seriesIn(await place.contents())).toEqual(seriesIn(before));
  }));
