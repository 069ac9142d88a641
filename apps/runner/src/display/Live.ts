import { RunEvent } from "@candlewick/core";
import { Clock, Effect, Layer, Schedule } from "effect";
import type { Output } from "./Output.ts";
import { liveLines, plainLines } from "./ProgressLines.ts";
import { apply, initial, type ProgressState } from "./ProgressState.ts";
import type { Screen } from "./Screen.ts";

/** A terminal is redrawn this often, a pipe gets its lines this often. Milliseconds. */
export const REDRAW = 200;
export const PLAIN = 5_000;

/**
 * Shows what is running, by the clock: lines redrawn on a terminal, a plain line now and then in a pipe. A task
 * that starts or ends is shown at once on a terminal. Every event goes on to `note`.
 */
export const layer = (
  output: Pick<Output, "isLive" | "width" | "paintErr">,
  screen: Screen,
  note: (event: RunEvent.RunEvent, state: ProgressState) => Effect.Effect<void>,
): Layer.Layer<never> =>
  Layer.effect(
    RunEvent.RunEvents,
    Effect.gen(function* () {
      let state = initial;
      const draw = (now: number) => screen.draw(liveLines(state, now, output.width() - 1, output.paintErr));
      const tick = Effect.map(Clock.currentTimeMillis, (now) => {
        if (output.isLive) draw(now);
        else for (const line of plainLines(state, now)) screen.print(line);
      });
      yield* Effect.addFinalizer(() => Effect.sync(() => screen.close()));
      yield* tick.pipe(
        Effect.delay(output.isLive ? REDRAW : PLAIN),
        Effect.repeat(Schedule.forever),
        Effect.forkScoped,
      );
      return {
        publish: Effect.fnUntraced(function* (event: RunEvent.RunEvent) {
          const now = yield* Clock.currentTimeMillis;
          state = apply(state, event, now);
          if (event._tag === "Progress") return;
          yield* note(event, state);
          if (output.isLive) draw(now);
        }),
      };
    }),
  );
