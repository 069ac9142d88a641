import { type RunEvent, Text } from "@candlewick/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liveLines, plainLines } from "./ProgressLines.ts";
import { apply, initial, type ProgressState, rateOf, timeLeftOf } from "./ProgressState.ts";
import { coloured, plain } from "./Style.ts";

const at = { dag: "historic", task: "fetch" };

const started: RunEvent.RunEvent = { _tag: "TaskStarted", ...at };

const progress = (
  done: number,
  total?: number,
  more: Partial<RunEvent.RunEvent> = {},
): RunEvent.RunEvent => ({
  _tag: "Progress",
  ...at,
  unit: "instruments",
  done,
  ...(total === undefined ? {} : { total }),
  failed: 0,
  rejected: 0,
  ...more,
} as RunEvent.RunEvent);

const after = (events: ReadonlyArray<readonly [time: number, event: RunEvent.RunEvent]>): ProgressState =>
  events.reduce((state, [time, event]) => apply(state, event, time), initial);

describe("002-P15: Progress display during execution", () => {
  const run = fc.record({
    total: fc.integer({ min: 1, max: 1_000_000 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
    step: fc.integer({ min: 1, max: 60_000 }),
    rejected: fc.nat(1_000_000),
    current: fc.stringMatching(/^NSE:[A-Z&-]{1,12}$/),
  }).map(({ total, shares, step, rejected, current }) => ({
    total,
    step,
    rejected,
    current,
    dones: shares.map((share) => Math.floor(share * total)).sort((left, right) => left - right),
  }));

  it("done, total, rejected and time stand exactly in a pipe's line, whatever a DAG reports", () => {
    fc.assert(fc.property(run, ({ total, dones, step, rejected, current }) => {
      let state = after([[0, started]]);
      let now = 0;
      for (const done of dones) {
        now += step;
        state = apply(state, progress(done, total, { rejected, current }), now);
        const [line = "", ...rest] = plainLines(state, now);
        expect(rest).toEqual([]);
        expect(line).toContain("historic: fetch: ");
        expect(line).toContain(`${Text.number(done)} of ${Text.number(total)} instruments`);
        expect(line).toContain(`${Text.number(rejected)} rejected`);
        expect(line).toContain(current);
        expect(line).toMatch(/so far$/);
      }
    }));
  });

  it("a terminal's lines fit it, however narrow, and begin with the task", () => {
    fc.assert(
      fc.property(
        run,
        fc.integer({ min: 1, max: 250 }),
        ({ total, dones, step, rejected, current }, width) => {
          const events = dones.map((done, index) =>
            [(index + 1) * step, progress(done, total, { rejected, current })] as const
          );
          const now = dones.length * step;
          const state = after([[0, started], ...events]);
          const lines = liveLines(state, now, width, plain);
          expect(lines).toHaveLength(1);
          expect(lines[0]!.length).toBeLessThanOrEqual(width);
          expect("historic: fetch  ".startsWith(lines[0]!.replace(/…$/, "").slice(0, 17))).toBe(true);
          // deno-lint-ignore no-control-regex -- what a terminal takes as colours
          expect(liveLines(state, now, width, coloured)[0]!.replaceAll(/\x1b\[\d+m/g, "")).toBe(lines[0]);
        },
      ),
    );
  });

  it("a wide terminal shows done of total, share, time left, rate, rejected and what is worked on", () => {
    const state = after([
      [0, started],
      [0, progress(0, 300)],
      [100_000, progress(210, 300, { rejected: 7, current: "NSE:INFY" })],
      [110_000, progress(240, 300, { rejected: 7, current: "NSE:M&M" })],
    ]);
    expect(liveLines(state, 110_000, 160, plain)).toEqual([
      "historic: fetch  ━━━━━━━━━━━━━━━━────  80% 240 of 300 instruments · 20 s left · 3.0/s · 7 rejected · NSE:M&M",
    ]);
  });

  it("each running task has a line, and a task that ended has none", () => {
    const other = { dag: "historic", task: "plan" };
    const both = after([[0, started], [0, { _tag: "TaskStarted", ...other }], [0, progress(1)]]);
    expect(liveLines(both, 2_000, 100, plain)).toEqual([
      "historic: fetch  1 instruments · 0 rejected",
      "historic: plan  2.0 s",
    ]);
    const one = apply(both, { _tag: "TaskFinished", ...at, outcome: "done", millis: 5 }, 2_000);
    expect(liveLines(one, 2_000, 100, plain)).toEqual(["historic: plan  2.0 s"]);
  });

  it("many tasks do not fill the terminal", () => {
    const state = after(
      Array.from(
        { length: 20 },
        (_, task) => [0, { _tag: "TaskStarted", dag: "d", task: `t${task}` }] as const,
      ),
    );
    expect(liveLines(state, 0, 80, plain).at(-1)).toBe("and 14 more tasks");
  });
});

describe("rate and time left", () => {
  it("are unknown before a second has passed and while nothing is done", () => {
    const begun = after([[0, started], [0, progress(0, 10)]]);
    expect(rateOf(begun.tasks[0]!, 5_000)).toBeUndefined();
    const early = apply(begun, progress(5, 10), 900);
    expect(rateOf(early.tasks[0]!, 900)).toBeUndefined();
    expect(timeLeftOf(early.tasks[0]!, 900)).toBeUndefined();
  });

  it("follow the last half minute, not the average since the start", () => {
    const slowThenFast = after([
      [0, started],
      ...Array.from({ length: 61 }, (_, second) => [second * 1_000, progress(second, 1_000)] as const),
      ...Array.from(
        { length: 40 },
        (_, i) => [(61 + i) * 1_000, progress(60 + (i + 1) * 10, 1_000)] as const,
      ),
    ]);
    expect(rateOf(slowThenFast.tasks[0]!, 100_000)).toBeCloseTo(10, 0);
  });

  it("fall when nothing happens", () => {
    const state = after([[0, started], [0, progress(0, 100)], [10_000, progress(50, 100)]]);
    expect(rateOf(state.tasks[0]!, 10_000)).toBeCloseTo(5);
    expect(rateOf(state.tasks[0]!, 25_000)).toBeCloseTo(2);
  });

  it("failed units count as finished", () => {
    const state = after([[0, started], [0, progress(0, 10)], [10_000, progress(4, 10, { failed: 1 })]]);
    expect(timeLeftOf(state.tasks[0]!, 10_000)).toBeCloseTo(10_000);
  });

  it("hold a bounded number of samples", () => {
    const state = after([
      [0, started],
      ...Array.from({ length: 5_000 }, (_, index) => [index * 20, progress(index, 10_000)] as const),
    ]);
    expect(state.tasks[0]!.samples.length).toBeLessThan(70);
    expect(rateOf(state.tasks[0]!, 99_980)).toBeCloseTo(50, 0);
  });
});

it("failed units are counted by DAG", () => {
  const failed: RunEvent.RunEvent = {
    _tag: "UnitFailed",
    ...at,
    unit: "NSE:X",
    reason: "Invalid",
    message: "no",
  };
  const state = after([[0, started], [0, progress(1, 5)], [1, failed], [2, failed]]);
  expect(plainLines(state, 2)[0]).toContain("2 failed");
});

describe("a pause", () => {
  const paused = after([
    [0, started],
    [0, progress(3, 10)],
    [1_000, { _tag: "Paused", ...at, message: "log in", until: 61_000 }],
  ]);

  it("is shown with the time that is left, in place of a pace that there is not", () => {
    expect(plainLines(paused, 31_000)).toEqual(["paused: waiting for a new login, 30 s left"]);
    expect(liveLines(paused, 31_000, 100, plain).at(-1)).toBe("paused: waiting for a new login, 30 s left");
  });

  it("is over when the run goes on", () => {
    const resumed = apply(paused, { _tag: "Resumed", ...at, isGood: true, millis: 5_000 }, 6_000);
    expect(plainLines(resumed, 6_000)[0]).toContain("3 of 10 instruments");
    expect(liveLines(resumed, 6_000, 100, plain)).toHaveLength(1);
  });
});
