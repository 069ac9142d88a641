import { RunEvent } from "@candlewick/core";
import { Clock, Effect, Layer } from "effect";
import { duration } from "./Format.ts";
import { after, foremost, type Progress, render } from "./Progress.ts";
import type { Screen } from "./Screen.ts";

/** A terminal is drawn at most this often, a pipe gets a line this often. Milliseconds. */
const REDRAW = 100;
const PLAIN = 5_000;

/** Words for what makes a unit be tried again. */
const why: Readonly<Record<string, string>> = {
  RateLimited: "the vendor asks for fewer requests",
  Unavailable: "no answer",
  Corrupt: "an answer that cannot be trusted",
  Store: "the store is busy or away",
};

/** Shows events: a status line on a terminal, a plain line now and then in a pipe; retries and failures in the log. */
export const layer = (screen: Screen): Layer.Layer<never> =>
  Layer.effect(
    RunEvent.RunEvents,
    Effect.gen(function* () {
      let progress: Progress = [];
      let shownAt = -Infinity;

      const show = (now: number) => {
        const task = foremost(progress);
        if (screen.isTerminal) {
          screen.status(task === undefined ? "" : render(task, now, screen.columns() - 1));
        } else if (task !== undefined && task.unit !== "") {
          screen.line(render(task, now, Infinity));
        }
        shownAt = now;
      };

      yield* Effect.addFinalizer(() => Effect.sync(() => screen.status("")));

      return {
        publish: Effect.fnUntraced(function* (event: RunEvent.RunEvent) {
          const now = yield* Clock.currentTimeMillis;
          progress = after(progress, event, now);
          const isEdge = event._tag === "TaskStarted" || event._tag === "TaskFinished";
          const isDue = now - shownAt >= (screen.isTerminal ? REDRAW : PLAIN);
          if ((event._tag === "Progress" && isDue) || (isEdge && screen.isTerminal)) show(now);
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
