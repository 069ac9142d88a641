import { type Plugin, PluginError, RunEvent, type RunSummary, type Setting } from "@candlewick/core";
import { Cause, Clock, Effect, Exit } from "effect";
import { duration } from "../display/Format.ts";
import { deniedText } from "./Denied.ts";
import { recordEnd, recordStart, type RunIdentity } from "./Record.ts";
import { type DagReport, outcomeOf, outcomeText } from "./Report.ts";

/** Runs a DAG with its warnings kept: the summary has each of them once. */
const withWarnings = <R>(
  run: Effect.Effect<RunSummary.RunSummary, PluginError.PluginError, R>,
): Effect.Effect<RunSummary.RunSummary, PluginError.PluginError, R> =>
  Effect.gen(function* () {
    const events = yield* RunEvent.RunEvents;
    const warnings = new Set<string>();
    const summary = yield* Effect.provideService(run, RunEvent.RunEvents, {
      publish: (event) => {
        if (event._tag === "Warning") warnings.add(event.message);
        return events.publish(event);
      },
    });
    const further = [...warnings].filter((warning) => !summary.notes.includes(warning));
    return { ...summary, notes: [...summary.notes, ...further] };
  });

/**
 * Runs one DAG to its end, whatever that is: logs start, end, duration and counts, and notes the run in the
 * store. An interruption ends the DAG, and the report says so; the caller must be uninterruptible and hand in
 * what `restore`s interruptibility. The failure of `lost`, its turn, ends it in the same way.
 */
export const runDag = (
  run: RunIdentity,
  plugin: Plugin.DagPlugin,
  parameters: Setting.Values<Setting.Settings>,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>,
  hide: (text: string) => string,
  lost: Effect.Effect<never, PluginError.PluginError>,
): Effect.Effect<DagReport, never, Plugin.DagServices> =>
  Effect.gen(function* () {
    yield* Effect.logInfo(`${run.dag}: started`);
    const exit = yield* Effect.exit(
      restore(Effect.raceFirst(Effect.andThen(recordStart(run), withWarnings(plugin.run(parameters))), lost)),
    );
    const millis = (yield* Clock.currentTimeMillis) - run.started;
    const report: DagReport = hidden(
      hide,
      Exit.isSuccess(exit)
        ? { dag: run.dag, millis, summary: exit.value }
        : { dag: run.dag, millis, ...endOf(exit.cause) },
    );
    yield* logEnd(report, exit);
    yield* recordEnd(run, report);
    return report;
  }).pipe(Effect.annotateLogs({ dag: run.dag }));

/** Words of ours, which a password may happen to be. */
const OURS = ["dag", "ended", "outcome", "reason"];

/** The report goes to the store, too, where a secret would outlive the run. */
const hidden = (hide: (text: string) => string, report: DagReport): DagReport =>
  JSON.parse(
    JSON.stringify(report),
    (key, value) => typeof value === "string" && !OURS.includes(key) ? hide(value) : value,
  );

/** How a cause reads as the end of a DAG. */
export const endOf = (cause: Cause.Cause<PluginError.PluginError>) => {
  if (Cause.hasInterruptsOnly(cause)) {
    return {
      ended: "interrupted" as const,
      message: "stopped; all committed work is kept, and the next run goes on from there",
      isFatal: true,
    };
  }
  const error = Cause.squash(cause);
  if (!PluginError.isPluginError(error)) {
    return { ended: "failed" as const, message: faultText(error) };
  }
  const isFatal = PluginError.isFatal(error.reason);
  if (error.reason._tag === "Unauthorized") {
    return { ended: "unauthorised" as const, message: error.message, hint: error.reason.hint, isFatal };
  }
  const hint = wayOut(error.reason);
  return {
    ended: "failed" as const,
    message: error.message,
    isFatal,
    ...(hint === undefined ? {} : { hint }),
  };
};

/** What the user can do when the store gave up; `undefined` when the message says it. */
const wayOut = (reason: PluginError.Reason): string | undefined => {
  if (reason._tag !== "Store") return undefined;
  const kept = "What was committed is kept, and nothing is half-written";
  switch (reason.fault) {
    case "connection":
      return `${kept}. See that the store is up and can be reached; the next run goes on from there`;
    case "capacity":
      return `${kept}. Make room; the next run goes on from there`;
    case "damage":
      return "Run again: a store that can mend itself does. Else nx run runner:db -- restore brings a backup back";
    case "conflict":
      return `${kept}. Run again when the other program has let go`;
    case "constraint":
    case "schema":
      return undefined;
  }
};

/** What is no failure a plugin foresaw; Deno's refusals are told in our own terms. */
const faultText = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return deniedText(error) ?? `a fault of the program: ${text}`;
};

const logEnd = (report: DagReport, exit: Exit.Exit<unknown, PluginError.PluginError>) => {
  const outcome = outcomeOf(report);
  const what = `${report.dag}: ${outcomeText[outcome]} after ${duration(report.millis)}`;
  const entry = "summary" in report
    ? Effect.annotateLogs(Effect.logInfo(what), {
      headline: report.summary.headline,
      counts: report.summary.counts,
      failures: report.summary.failures.length,
    })
    : Exit.isFailure(exit) && report.ended !== "interrupted"
    ? Effect.logError(`${what}: ${report.message}`, exit.cause)
    : Effect.logWarning(`${what}: ${report.message}`);
  return Effect.annotateLogs(entry, { outcome, millis: report.millis });
};
