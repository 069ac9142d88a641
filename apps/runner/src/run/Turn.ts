import { PluginError, Retry, Sink } from "@candlewick/core";
import { Clock, Effect, type Scope } from "effect";
import type { IfRunning } from "../config/ConfigFile.ts";
import { duration } from "../display/Format.ts";
import { atWork, type Job, recordKilled } from "./Record.ts";

/** Milliseconds between two looks whether the other run has ended. */
const POLL = 1_000;

/** Whose turn it is. */
export type Turn =
  | {
    readonly _tag: "Ours";
    /** Whether another run was at work before, so that what it did must be looked at anew. */
    readonly waited: boolean;
    /** Fails when the turn was lost, so that another run may be at work. */
    readonly lost: Effect.Effect<never, PluginError.PluginError>;
  }
  | { readonly _tag: "Theirs"; readonly message: string };

/** The lock under which runs of a DAG at a source take turns, whatever their parameters. */
export const lockOf = ({ dag, source }: Job): string => `dag ${dag} ${source}`;

/** `another run (1a2b3c4d) has been at work for 3 min 20 s`. */
const theirs = Effect.fnUntraced(function* (job: Job) {
  const run = yield* atWork(job);
  if (run === undefined) return "another run is at work, or the store is being restored or emptied";
  return `another run (${run.run_id}) has been at work for ${
    duration((yield* Clock.currentTimeMillis) - run.started_at)
  }`;
});

const stopping = (error: PluginError.PluginError): PluginError.PluginError =>
  error.reason._tag !== "Store" ? error : new PluginError.PluginError({
    plugin: error.plugin,
    operation: error.operation,
    reason: new PluginError.Store({
      fault: error.reason.fault,
      message: `${error.reason.message}; this run stops, and all it committed is kept`,
    }),
  });

/**
 * Takes the turn of a DAG, for as long as the scope lives. When another run has it, says so and waits for its end,
 * or leaves it.
 */
export const takeTurn = (
  job: Job,
  ifRunning: IfRunning,
): Effect.Effect<Turn, PluginError.PluginError, Sink.Sink | Scope.Scope> =>
  Effect.gen(function* () {
    const sink = yield* Sink.Sink;
    const tryLock = Retry.retrying(Retry.defaultPolicy)(sink.tryLock(lockOf(job)));
    let lock = yield* tryLock;
    const waited = lock === undefined;
    if (waited) {
      const message = yield* theirs(job);
      if (ifRunning === "leave") return { _tag: "Theirs", message };
      yield* Effect.logWarning(`${job.dag}: ${message}; waiting for its end`);
    }
    while (lock === undefined) {
      yield* Effect.sleep(POLL);
      lock = yield* tryLock;
    }
    if (waited) yield* Effect.logInfo(`${job.dag}: the other run has ended`);
    yield* recordKilled(job);
    return { _tag: "Ours", waited, lost: Effect.mapError(lock.lost, stopping) };
  });
