import type { PluginError } from "@candlewick/core";
import { Cause, Clock, Effect, Exit } from "effect";
import type { Arguments } from "../cli/Arguments.ts";
import type { Project } from "../project/Project.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { checkNeeds, type Opened, valuesOf } from "./Open.ts";
import { obstacle } from "./Order.ts";
import type { LoadedDag } from "./Parameters.ts";
import { ifRunningOf } from "./Patience.ts";
import type { DagReport } from "./Report.ts";
import { loadDag, type Request } from "./Request.ts";
import { endOf, runDag } from "./RunDag.ts";
import { takeTurn } from "./Turn.ts";

/**
 * Runs the DAGs in order, each after those it needs now though nobody named them. One that fails stops only those
 * that come after it. Runs of a DAG take turns; what must come first is
 * judged when the turn has come. Always ends with a report of every DAG, also when it is interrupted: the caller is
 * uninterruptible and hands in what `restore`s interruptibility.
 */
export const runAll = (
  project: Project,
  request: Request,
  opened: Opened,
  runId: string,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>,
): Effect.Effect<ReadonlyArray<DagReport>> =>
  Effect.gen(function* () {
    const reports: Array<DagReport> = [];
    const source = opened.source.plugin.id;
    const ifRunning = ifRunningOf(request.arguments.common, project.config);
    const has = (id: string) => reports.some((report) => report.dag === id);

    /** Values of the parameters, and the DAGs to run first. */
    const prepare = (dag: LoadedDag, flags: Arguments["parameters"]) =>
      Effect.gen(function* () {
        const values = yield* valuesOf(project, dag, flags, opened.source.sandbox);
        const ids = (yield* dag.plugin.prerequisites(values)).filter((id) => !has(id));
        const first = yield* Effect.forEach(ids, (id) => prerequisite(project, opened, dag, id));
        /** Whether a DAG must still run first; another run may have done it meanwhile. */
        const needs = (id: string) =>
          Effect.map(dag.plugin.prerequisites(values), (now) => now.includes(id)).pipe(
            Effect.provideContext(opened.services),
            restore,
            Effect.catchCause(() => Effect.succeed(true)),
          );
        return { values, first, needs };
      }).pipe(Effect.provideContext(opened.services), restore, Effect.exit);

    const notBegun = (id: string, cause: Cause.Cause<Refusal | PluginError.PluginError>) => {
      const report: DagReport = { dag: id, millis: 0, ...endOfPreparation(cause) };
      reports.push(report);
      return report.ended === "interrupted"
        ? Effect.logWarning(`${id}: ${report.message}`)
        : Effect.logError(`${id}: ${report.message}`, cause);
    };

    const runOne = (
      dag: LoadedDag,
      flags: Arguments["parameters"],
      isStillNeeded: Effect.Effect<boolean>,
    ): Effect.Effect<void> =>
      Effect.scoped(Effect.gen(function* () {
        const { id } = dag.entry;
        const skipped = (message: string) => {
          reports.push({ dag: id, millis: 0, ended: "skipped", message });
          return Effect.logWarning(`${id}: ${message}`);
        };
        const early = obstacle(dag.entry.after, reports);
        if (early !== undefined) return yield* skipped(early);
        const turn = yield* takeTurn({ dag: id, source }, ifRunning).pipe(
          Effect.provideContext(opened.services),
          restore,
          Effect.exit,
        );
        if (Exit.isFailure(turn)) return yield* notBegun(id, turn.cause);
        if (turn.value._tag === "Theirs") {
          const { message } = turn.value;
          reports.push({ dag: id, millis: 0, ended: "busy", message });
          return yield* Effect.logWarning(`${id}: ${message}; leaving it to that run`);
        }
        const { lost, waited } = turn.value;
        if (waited && !(yield* isStillNeeded)) return yield* Effect.logInfo(`${id}: nothing left to do`);
        const prepared = yield* prepare(dag, flags);
        if (Exit.isFailure(prepared)) return yield* notBegun(id, prepared.cause);
        const { first, needs, values } = prepared.value;
        for (const before of first) {
          yield* Effect.logInfo(`${before.entry.id} runs first: ${id} needs what it brings`);
          yield* runOne(before, {}, needs(before.entry.id));
        }
        const late = obstacle(dag.entry.after, reports);
        if (late !== undefined) return yield* skipped(late);
        const run = { id: runId, dag: id, source, started: yield* Clock.currentTimeMillis };
        const hide = (text: string) => project.secrets.hide(text);
        reports.push(
          yield* Effect.provideContext(
            runDag(run, dag.plugin, values, restore, hide, lost),
            opened.services,
          ),
        );
      }));

    for (const dag of opened.dags) {
      if (!has(dag.entry.id)) yield* runOne(dag, request.arguments.parameters, Effect.succeed(true));
    }
    return reports;
  });

/** A DAG that must run first, though nobody named it. */
const prerequisite = (project: Project, opened: Opened, dag: LoadedDag, id: string) =>
  Effect.gen(function* () {
    const entry = project.dags.find((one) => one.id === id);
    const before = `the store lacks what ${dag.entry.id} needs of ${id}, and ${id}`;
    if (entry === undefined) return yield* refuse(`${before} is not installed`);
    if (!entry.enabled) return yield* refuse(`${before} is switched off by ${entry.disabledBy}`);
    const loaded = yield* loadDag(entry);
    yield* checkNeeds(loaded.plugin, opened.source);
    return loaded;
  });

const endOfPreparation = (cause: Cause.Cause<Refusal | PluginError.PluginError>) => {
  const error = Cause.squash(cause);
  return error instanceof Error && "_tag" in error && error._tag === "Refusal"
    ? { ended: "failed" as const, message: error.message }
    : endOf(cause as Cause.Cause<PluginError.PluginError>);
};
