import { RunEvent } from "@candlewick/core";
import { Effect } from "effect";
import { TestClock } from "effect/testing";
import { expect, it } from "vitest";
import * as Live from "./Live.ts";
import type { Screen } from "./Screen.ts";
import { plain } from "./Style.ts";

const at = { dag: "d", task: "t" };
const progress = (done: number): RunEvent.RunEvent => ({
  _tag: "Progress",
  ...at,
  unit: "units",
  done,
  total: 100,
  failed: 0,
  rejected: 0,
});

/** Runs an effect with the display on, under a clock that the effect moves. */
const shown = async (isLive: boolean, effect: Effect.Effect<void>) => {
  const printed: Array<string> = [];
  const drawn: Array<ReadonlyArray<string>> = [];
  const noted: Array<string> = [];
  let closed = false;
  const screen: Screen = {
    print: (line) => printed.push(line),
    draw: (lines) => drawn.push(lines),
    close: () => closed = true,
  };
  const layer = Live.layer(
    { isLive, width: () => 100, paintErr: plain },
    screen,
    (event) => Effect.sync(() => noted.push(event._tag)),
  );
  await Effect.runPromise(effect.pipe(Effect.provide(layer), Effect.provide(TestClock.layer())));
  return { printed, drawn, noted, closed };
};

it("in a pipe a plain line comes every five seconds, however fast the events", async () => {
  const { printed, drawn } = await shown(
    false,
    Effect.gen(function* () {
      yield* RunEvent.publish({ _tag: "TaskStarted", ...at });
      yield* RunEvent.publish(progress(0));
      for (let done = 1; done <= 60; done++) {
        yield* RunEvent.publish(progress(done));
        yield* TestClock.adjust(200);
      }
    }),
  );
  expect(printed).toEqual([
    "d: t: 25 of 100 units (25%), 15 s left, 5.0/s, 0 rejected, 5.0 s so far",
    "d: t: 50 of 100 units (50%), 10 s left, 5.0/s, 0 rejected, 10.0 s so far",
  ]);
  expect(drawn).toEqual([]);
});

it("on a terminal lines are redrawn by the clock, also while nothing happens, and a new task shows at once", async () => {
  const { printed, drawn, closed } = await shown(
    true,
    Effect.gen(function* () {
      yield* RunEvent.publish({ _tag: "TaskStarted", ...at });
      yield* TestClock.adjust(2_000);
      yield* RunEvent.publish({ _tag: "TaskFinished", ...at, outcome: "done", millis: 2_000 });
    }),
  );
  expect(printed).toEqual([]);
  expect(drawn[0]).toEqual(["d: t  0 ms"]);
  expect(drawn).toHaveLength(12);
  expect(drawn.at(-2)).toEqual(["d: t  2.0 s"]);
  expect(drawn.at(-1)).toEqual([]);
  expect(closed).toBe(true);
});

it("everything but progress goes on to the log", async () => {
  const { noted } = await shown(
    false,
    Effect.gen(function* () {
      yield* RunEvent.publish({ _tag: "TaskStarted", ...at });
      yield* RunEvent.publish(progress(1));
      yield* RunEvent.publish({ _tag: "Warning", ...at, message: "careful" });
    }),
  );
  expect(noted).toEqual(["TaskStarted", "Warning"]);
});
