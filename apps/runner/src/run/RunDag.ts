import { type Plugin, PluginError, type Setting, type Sink } from "@candlewick/core";
import { Cause, Clock, Effect, Exit } from "effect";
import { duration } from "../display/Format.ts";
import { type DagReport, outcomeOf } from "../display/Summary.ts";
import { recordEnd, recordStart, type RunIdentity } from "./Record.ts";

/**
 * Runs one DAG to its end, whatever that is: logs start, end, duration and counts, and notes the run in the
 * store. Only an interruption passes through.
 */
export const runDag = (
  run: RunIdentity,
  plugin: Plugin.DagPlugin,
  parameters: Setting.Values<Setting.Settings>,
): Effect.Effect<DagReport, never, Plugin.DagServices | Sink.Sink> =>
  Effect.gen(function* () {
    yield* Effect.logInfo(`${run.dag}: started`);
    yield* recordStart(run);
    const exit = yield* Effect.exit(plugin.run(parameters));
    const millis = (yield* Clock.currentTimeMillis) - run.started;
    const report: DagReport = Exit.isSuccess(exit)
      ? { dag: run.dag, millis, summary: exit.value }
      : { dag: run.dag, millis, ...endOf(exit.cause) };
    yield* recordEnd(run, report);
    yield* logEnd(report, exit);
    return report;
  }).pipe(
    Effect.onInterrupt(() =>
      Effect.gen(function* () {
        const millis = (yield* Clock.currentTimeMillis) - run.started;
        const report: DagReport = {
          dag: run.dag,
          millis,
          ended: "interrupted",
          message: "stopped by the user; all committed work is kept",
        };
        yield* recordEnd(run, report);
        yield* Effect.logInfo(`${run.dag}: interrupted after ${duration(millis)}`);
      })
    ),
    Effect.annotateLogs({ dag: run.dag }),
  );

/** How a cause reads as the end of a DAG. */
const endOf = (cause: Cause.Cause<PluginError.PluginError>) => {
  const error = Cause.squash(cause);
  if (PluginError.isPluginError(error)) {
    return error.reason._tag === "Unauthorized"
      ? { ended: "unauthorised" as const, message: error.message, hint: error.reason.hint }
      : { ended: "failed" as const, message: error.message };
  }
  return {
    ended: "failed" as const,
    message: `a fault of the program: ${error instanceof Error ? error.message : String(error)}`,
  };
};

const logEnd = (report: DagReport, exit: Exit.Exit<unknown, PluginError.PluginError>) => {
  const what = `${report.dag}: ${outcomeOf(report)} after ${duration(report.millis)}`;
  const entry = "summary" in report
    ? Effect.logInfo(`${what}: ${report.summary.headline}`).pipe(Effect.annotateLogs(report.summary.counts))
    : Exit.isFailure(exit)
    ? Effect.logError(`${what}: ${report.message}`).pipe(
      Effect.andThen(Effect.logDebug(`${report.dag}: cause`, exit.cause)),
    )
    : Effect.void;
  return entry.pipe(Effect.annotateLogs({ outcome: outcomeOf(report), millis: report.millis }));
};
