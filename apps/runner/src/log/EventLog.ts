import type { RunEvent } from "@candlewick/core";
import { Clock, Effect } from "effect";
import { duration, timeLeft } from "../display/Format.ts";
import type { ProgressState } from "../display/ProgressState.ts";
import { FILE_ONLY } from "./ConsoleLog.ts";

/** Words for what makes a unit be tried again. */
const why: Readonly<Record<string, string>> = {
  RateLimited: "the vendor asks for fewer requests",
  Unavailable: "no answer",
  Corrupt: "an answer that cannot be trusted",
  Store: "the store is busy or away",
};

/** Failed units that the console shows of a DAG; the file gets all. */
export const SHOWN_FAILURES = 5;

const failed = (event: Extract<RunEvent.RunEvent, { _tag: "UnitFailed" }>, count: number) => {
  const entry = Effect.logError(`${event.unit} failed: ${event.message}`);
  if (count <= SHOWN_FAILURES) return entry;
  const onlyFile = Effect.annotateLogs(entry, FILE_ONLY, true);
  return count > SHOWN_FAILURES + 1 ? onlyFile : Effect.andThen(
    onlyFile,
    Effect.logWarning(`${event.dag}: further failures are counted here and named in the log file`),
  );
};

/** What of an event belongs in the log, with where it happened. */
export const note = (event: RunEvent.RunEvent, state: ProgressState): Effect.Effect<void> => {
  const { dag, task } = event;
  switch (event._tag) {
    case "TaskStarted":
      return Effect.annotateLogs(Effect.logDebug(`${dag}: ${task} started`), { dag, task });
    case "TaskFinished": {
      const { outcome, millis } = event;
      const entry = Effect.logDebug(`${dag}: ${task} ${outcome} after ${duration(millis)}`);
      return Effect.annotateLogs(entry, { dag, task, outcome, millis });
    }
    case "Retrying": {
      const { operation, reason, attempt, delay, message } = event;
      const pause = delay > 0 ? `trying again in ${duration(delay)}` : "trying again";
      const entry = Effect.logWarning(`${operation}: ${why[reason] ?? reason}; ${pause}`);
      return Effect.annotateLogs(entry, { dag, task, operation, reason, attempt, delay, error: message });
    }
    case "UnitFailed": {
      const { unit, reason } = event;
      return Effect.annotateLogs(failed(event, state.failed[dag] ?? 0), { dag, task, unit, reason });
    }
    case "Paused": {
      const { message, until } = event;
      const wait = Effect.map(Clock.currentTimeMillis, (now) => timeLeft(until - now));
      const entry = Effect.flatMap(
        wait,
        (left) => Effect.logWarning(`${message}\nAll requests are paused, for ${left} at most.`),
      );
      return Effect.annotateLogs(entry, { dag, task, until });
    }
    case "Resumed": {
      const { isGood, millis } = event;
      const entry = isGood
        ? Effect.logInfo(`going on after a pause of ${duration(millis)}`)
        : Effect.logWarning(`no login came within ${timeLeft(millis)}`);
      return Effect.annotateLogs(entry, { dag, task, millis });
    }
    case "Warning":
      return Effect.annotateLogs(Effect.logWarning(event.message), { dag, task });
    case "Progress":
      return Effect.void;
  }
};
