import { governed, type Plugin, type PluginError, Sink } from "@candlewick/core";
import { Clock, Context, Effect, Result, type Scope } from "effect";
import { type Arguments, parse } from "../cli/Arguments.ts";
import type { Layer } from "../config/Resolve.ts";
import { type DagReport, renderPlan } from "../display/Summary.ts";
import type { DagEntry } from "../project/DagCatalogue.ts";
import { load } from "../project/Load.ts";
import type { Project } from "../project/Project.ts";
import { select } from "../project/Selection.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { openSink, openSource } from "./Connection.ts";
import { obstacle } from "./Order.ts";
import { type LoadedDag, parametersOf } from "./Parameters.ts";
import { runDag } from "./RunDag.ts";

/** The DAGs that a command line names, loaded, with the command line read against their parameters. */
export interface Request {
  readonly dags: ReadonlyArray<LoadedDag>;
  readonly disabled: ReadonlyArray<DagEntry>;
  readonly arguments: Arguments;
}

const loadDag = (entry: DagEntry): Effect.Effect<LoadedDag, Refusal> =>
  Effect.map(load("dag", entry.declared), (plugin) => ({ entry, plugin }));

/** Reads a command line that asks for a run. */
export const readRequest = (
  project: Project,
  args: ReadonlyArray<string>,
  dag: string | undefined,
): Effect.Effect<Request, Refusal> =>
  Effect.gen(function* () {
    if (dag === undefined) {
      const parsed = parse(args, []);
      return yield* refuse(
        ...(Result.isFailure(parsed) ? parsed.failure : []),
        "no DAG is named: --dag=historic, --dag=1,2 or --dag=all; --list shows them, --help explains",
      );
    }
    const selection = select(dag, project.dags);
    if (Result.isFailure(selection)) return yield* refuse(...selection.failure);
    const dags = yield* Effect.forEach(selection.success.chosen, loadDag);
    const parsed = parse(args, dags.map(({ plugin }) => plugin));
    if (Result.isFailure(parsed)) return yield* refuse(...parsed.failure);
    return { dags, disabled: selection.success.disabled, arguments: parsed.success };
  });

/** What a run needs, open: source, store, and the services that DAGs use. */
export interface Opened {
  readonly source: Effect.Success<ReturnType<typeof openSource>>;
  readonly sink: Sink.Sink["Service"];
  readonly services: Context.Context<Plugin.DagServices>;
}

/** Opens source and sink, and refuses DAGs that ask for what the source does not offer. */
export const open = (
  project: Project,
  request: Request,
  storedLogin: (plugin: Plugin.SourcePlugin) => ReadonlyArray<Layer>,
): Effect.Effect<Opened, Refusal | PluginError.PluginError, Scope.Scope> =>
  Effect.gen(function* () {
    const { common } = request.arguments;
    const source = yield* openSource(project, common, storedLogin);
    for (const { plugin } of request.dags) yield* checkNeeds(plugin, source);
    const sink = yield* openSink(project, common.sink, source.sandbox === undefined ? "real" : "sandbox");
    const services = Context.add(yield* governed(source.services), Sink.Sink, sink);
    return { source, sink, services };
  });

const checkNeeds = (dag: Plugin.DagPlugin, source: Opened["source"]): Effect.Effect<void, Refusal> => {
  const lacking = dag.needs.filter((capability) => source.services[capability] === undefined);
  return lacking.length === 0
    ? Effect.void
    : refuse(`${dag.id} needs ${lacking.join(" and ")}, which source ${source.plugin.id} does not offer`);
};

/** All DAGs a run goes through, in order, those that must come first included; each with its values. */
export const runAll = (
  project: Project,
  request: Request,
  opened: Opened,
  runId: string,
): Effect.Effect<ReadonlyArray<DagReport>, Refusal | PluginError.PluginError> =>
  Effect.gen(function* () {
    const reports: Array<DagReport> = [];

    const runOne = (dag: LoadedDag, flags: Arguments["parameters"]): Effect.Effect<
      void,
      Refusal | PluginError.PluginError,
      Plugin.DagServices
    > =>
      Effect.gen(function* () {
        const values = yield* valuesOf(project, dag, flags, opened);
        for (const id of yield* dag.plugin.prerequisites(values)) {
          if (reports.some((report) => report.dag === id)) continue;
          const first = yield* prerequisite(project, opened, dag, id);
          yield* Effect.logInfo(`${id} runs first: the store lacks what ${dag.entry.id} needs of it`);
          yield* runOne(first, {});
        }
        const blocking = obstacle(dag.entry.after, reports);
        if (blocking !== undefined) {
          const message = `not run, because ${blocking.dag} did not succeed`;
          reports.push({ dag: dag.entry.id, millis: 0, ended: "skipped", message });
          return;
        }
        const run = {
          id: runId,
          dag: dag.entry.id,
          source: opened.source.plugin.id,
          started: yield* Clock.currentTimeMillis,
        };
        reports.push(yield* runDag(run, dag.plugin, values));
      });

    for (const dag of request.dags) {
      const known = reports.find((report) => report.dag === dag.entry.id);
      if (known === undefined) yield* runOne(dag, request.arguments.parameters);
    }
    return reports;
  }).pipe(Effect.provideContext(opened.services));

/** A DAG that must run first, though nobody named it. */
const prerequisite = (project: Project, opened: Opened, dag: LoadedDag, id: string) =>
  Effect.gen(function* () {
    const entry = project.dags.find((one) => one.id === id);
    if (entry === undefined) {
      return yield* refuse(`${dag.entry.id} needs DAG ${id} to run first, and it is not installed`);
    }
    const loaded = yield* loadDag(entry);
    yield* checkNeeds(loaded.plugin, opened.source);
    return loaded;
  });

const valuesOf = (project: Project, dag: LoadedDag, flags: Arguments["parameters"], opened: Opened) =>
  Effect.gen(function* () {
    const own = Object.fromEntries(Object.entries(flags).filter(([key]) => key in dag.plugin.parameters));
    const resolved = parametersOf(project, dag, own, opened.source.sandbox);
    if (Result.isFailure(resolved)) return yield* refuse(...resolved.failure);
    const { values, defaulted } = resolved.success;
    for (const key of defaulted) {
      yield* Effect.logDebug(
        `${dag.entry.id}: parameter ${key} is not given, taking ${JSON.stringify(values[key]) ?? "none"}`,
      );
    }
    return values;
  });

/** What the DAGs would do, as lines for people and as data. */
export const planAll = (
  project: Project,
  request: Request,
  opened: Opened,
) =>
  Effect.forEach(request.dags, (dag) =>
    Effect.gen(function* () {
      const values = yield* valuesOf(project, dag, request.arguments.parameters, opened);
      const first = (yield* dag.plugin.prerequisites(values)).filter((id) =>
        !request.dags.some((other) => other.entry.id === id)
      );
      const plan = yield* dag.plugin.plan(values);
      const notes = [
        ...first.map((id) => `${id} would run first: the store lacks what ${dag.entry.id} needs of it`),
        ...plan.notes,
      ];
      return { dag: dag.entry.id, plan: { ...plan, notes } };
    })).pipe(
      Effect.provideContext(opened.services),
      Effect.map((plans) => ({ plans, lines: plans.flatMap(({ dag, plan }) => renderPlan(dag, plan)) })),
    );
