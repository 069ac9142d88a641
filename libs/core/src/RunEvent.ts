import { Context, Effect } from "effect";
import type { Reason } from "./PluginError.ts";
import type { UnitFailure } from "./RunSummary.ts";

/** What happens while a DAG runs. The progress display, the log and the run record all read these. */
export type RunEvent =
  | { readonly _tag: "TaskStarted"; readonly dag: string; readonly task: string }
  | {
    readonly _tag: "TaskFinished";
    readonly dag: string;
    readonly task: string;
    readonly outcome: "done" | "failed" | "interrupted";
    readonly millis: number;
  }
  | {
    /** Counts since the task began; `total` is absent while it is not known. */
    readonly _tag: "Progress";
    readonly dag: string;
    readonly task: string;
    readonly unit: string;
    readonly done: number;
    readonly total?: number;
    readonly failed: number;
    readonly rejected: number;
    /** What was worked on last: `NSE:INFY`. */
    readonly current?: string;
  }
  | {
    readonly _tag: "Retrying";
    readonly dag: string;
    readonly task: string;
    readonly operation: string;
    readonly reason: Reason["_tag"];
    readonly message: string;
    readonly attempt: number;
    readonly delay: number;
  }
  | {
    readonly _tag: "UnitFailed";
    readonly dag: string;
    readonly task: string;
    readonly unit: string;
    readonly reason: UnitFailure["reason"];
    readonly message: string;
  }
  | {
    /** All requests wait for something that only a person can do, until this instant (epoch ms) at most. */
    readonly _tag: "Paused";
    readonly dag: string;
    readonly task: string;
    /** What happened, and what to do, a line each. */
    readonly message: string;
    readonly until: number;
  }
  | {
    /** The pause is over; without `isGood` the run ends for want of what it waited for. */
    readonly _tag: "Resumed";
    readonly dag: string;
    readonly task: string;
    readonly isGood: boolean;
    /** How long the pause was. */
    readonly millis: number;
  }
  | { readonly _tag: "Warning"; readonly dag: string; readonly task: string; readonly message: string };

/** Where events go; nowhere unless the runner listens. */
export const RunEvents = Context.Reference<{
  readonly publish: (event: RunEvent) => Effect.Effect<void>;
}>("candlewick/core/RunEvents", { defaultValue: () => ({ publish: () => Effect.void }) });

export const publish = (event: RunEvent): Effect.Effect<void> =>
  Effect.flatMap(RunEvents, (events) => events.publish(event));

/** The DAG and task that are running, for events published from inside. */
export const CurrentTask = Context.Reference<{ readonly dag: string; readonly task: string }>(
  "candlewick/core/CurrentTask",
  { defaultValue: () => ({ dag: "", task: "" }) },
);

/** Publishes an event of the running task. */
export const emit = (
  event: (at: { readonly dag: string; readonly task: string }) => RunEvent,
): Effect.Effect<void> => Effect.flatMap(CurrentTask, (at) => publish(event(at)));

/** A warning for the user, shown and kept in the summary of the run. */
export const warn = (message: string): Effect.Effect<void> =>
  emit((at) => ({ _tag: "Warning", ...at, message }));
