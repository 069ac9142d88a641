import { RunEvent } from "@candlewick/core";
import { Clock, Effect, Layer } from "effect";
import { duration } from "./Format.ts";
import type { Output } from "./Output.ts";
import { liveLines, plainLines } from "./ProgressLines.ts";
import { apply, initial } from "./ProgressState.ts";
import type { Screen } from "./Screen.ts";

/** A terminal is drawn at most this often, a pipe gets its lines this often. Milliseconds. */
const REDRAW = 100;
const PLAIN = 5_000;

/** Words for what makes a unit be tried again. */
const why: Readonly<Record<string, string>> = {
  RateLimited: "the vendor asks for fewer requests",
  Unavailable: "no answer",
  Corrupt: "an answer that cannot be trusted",
  Store: "the store is busy or away",
};

/** Shows events as they come: lines redrawn on a terminal, a plain line now and then in a pipe; and logs them. */
export const layer = (output: Output, screen: Screen): Layer.Layer<never> =>
  Layer.effect(
    RunEvent.RunEvents,
    Effect.gen(function* () {
      let state = initial;
      let shownAt = yield* Clock.currentTimeMillis;
      yield* Effect.addFinalizer(() => Effect.sync(() => screen.close()));

      const show = (now: number) => {
        if (output.isLive) screen.draw(liveLines(state, now, output.width() - 1, output.paintErr));
        else for (const line of plainLines(state, now)) screen.print(line);
        shownAt = now;
      };

      return {
        publish: Effect.fnUntraced(function* (event: RunEvent.RunEvent) {
          const now = yield* Clock.currentTimeMillis;
          const isEdge = event._tag === "TaskStarted" || event._tag === "TaskFinished";
          state = apply(state, event, now);
          if (output.isLive ? isEdge || now - shownAt >= REDRAW : !isEdge && now - shownAt >= PLAIN) {
            show(now);
          }
          yield* note(event);
        }),
      };
    }),
  );

/** What of an event belongs in the log. */
const note = (event: RunEvent.RunEvent): Effect.Effect<void> => {
  switch (event._tag) {
    case "TaskStarted":
      return Effect.logDebug(`${event.dag}: ${event.task} started`);
    case "TaskFinished":
      return Effect.logDebug(`${event.dag}: ${event.task} ${event.outcome} after ${duration(event.millis)}`)
        .pipe(
          Effect.annotateLogs({ dag: event.dag, task: event.task, millis: event.millis }),
        );
    case "Retrying":
      return Effect.logWarning(
        `${event.operation}: ${why[event.reason] ?? event.reason}; ` +
          (event.delay > 0 ? `trying again in ${duration(event.delay)}` : "trying again"),
      ).pipe(
        Effect.annotateLogs({
          dag: event.dag,
          task: event.task,
          attempt: event.attempt,
          cause: event.message,
        }),
      );
    case "UnitFailed":
      return Effect.logError(`${event.unit} failed: ${event.message}`).pipe(
        Effect.annotateLogs({ dag: event.dag, task: event.task, reason: event.reason }),
      );
    case "Warning":
      return Effect.logWarning(event.message).pipe(Effect.annotateLogs({ dag: event.dag, task: event.task }));
    case "Progress":
      return Effect.void;
  }
};
