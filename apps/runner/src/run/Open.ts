import { Calendar, governed, type Plugin, type PluginError, Sink, type Source } from "@candlewick/core";
import { Context, Effect, type Scope } from "effect";
import { calendarsOf } from "../calendar/UserFiles.ts";
import type { Arguments } from "../cli/Arguments.ts";
import type { Project } from "../project/Project.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import { openWhenFree } from "./Busy.ts";
import { openSink, type OpenSource, openSource, type StoredLogin } from "./Connection.ts";
import { paceJournal } from "./PaceJournal.ts";
import { type LoadedDag, parametersOf } from "./Parameters.ts";
import { ifRunningOf } from "./Patience.ts";
import { renewal } from "./Renewal.ts";
import type { Request } from "./Request.ts";

/** What a run needs, open: source, store, and the services that DAGs use. */
export interface Opened {
  readonly source: OpenSource;
  readonly sink: Sink.Sink["Service"];
  readonly services: Context.Context<Plugin.DagServices>;
  /** The DAGs to run: those asked for, without what `all` includes and the source cannot serve. */
  readonly dags: ReadonlyArray<LoadedDag>;
}

/** What a DAG lacks at a source, as a sentence; `undefined` when the source can serve it. */
const lackOf = (dag: Plugin.DagPlugin, source: OpenSource): string | undefined => {
  const lacking = dag.needs.filter((capability) => source.services[capability] === undefined);
  return lacking.length === 0
    ? undefined
    : `${dag.id} needs ${lacking.join(" and ")}, which source ${source.plugin.id} does not offer`;
};

/** Refuses a DAG that asks for what the source does not offer. */
export const checkNeeds = (dag: Plugin.DagPlugin, source: OpenSource): Effect.Effect<void, Refusal> => {
  const lack = lackOf(dag, source);
  return lack === undefined ? Effect.void : refuse(lack);
};

/** The DAGs that the source can serve; refuses one that was named and cannot be served. */
const served = (request: Request, source: OpenSource): Effect.Effect<ReadonlyArray<LoadedDag>, Refusal> =>
  Effect.filter(
    request.dags,
    Effect.fnUntraced(function* ({ entry, plugin }) {
      if (request.named.includes(entry.id)) yield* checkNeeds(plugin, source);
      const lack = lackOf(plugin, source);
      if (lack !== undefined) yield* Effect.logInfo(`${entry.id} is left out: ${lack}`);
      return lack === undefined;
    }),
  );

const resolveParameters = (
  project: Project,
  dag: LoadedDag,
  flags: Arguments["parameters"],
  sandbox: Plugin.SandboxSession | undefined,
) => {
  const own = Object.fromEntries(Object.entries(flags).filter(([key]) => key in dag.plugin.parameters));
  return Effect.mapError(
    Effect.fromResult(parametersOf(project, dag, own, sandbox)),
    (problems) => refuse(...problems),
  );
};

/** The values of a DAG's parameters; says in the log which of them are defaults. */
export const valuesOf = Effect.fnUntraced(function* (
  project: Project,
  dag: LoadedDag,
  flags: Arguments["parameters"],
  sandbox: Plugin.SandboxSession | undefined,
) {
  const { values, defaulted } = yield* resolveParameters(project, dag, flags, sandbox);
  for (const key of defaulted) {
    yield* Effect.logDebug(
      `${dag.entry.id}: parameter ${key} is not given, taking ${JSON.stringify(values[key]) ?? "none"}`,
    ).pipe(Effect.annotateLogs({ dag: dag.entry.id, parameter: key }));
  }
  return values;
});

/**
 * Opens source and sink. Everything that can be refused is refused before the store is touched: DAGs that the
 * source cannot serve, parameters that are wrong. `announce` tells the user what data it will be. When the vendor
 * refuses the login, the run waits `patience` milliseconds for another.
 */
export const open = (
  project: Project,
  request: Request,
  storedLogin: StoredLogin,
  patience: number,
  announce: (source: OpenSource) => Effect.Effect<void>,
): Effect.Effect<Opened, Refusal | PluginError.PluginError, Scope.Scope> =>
  Effect.gen(function* () {
    const { common, parameters } = request.arguments;
    const calendars = yield* calendarsOf(project.folder);
    const needs = [...new Set(request.dags.flatMap(({ plugin }) => plugin.needs))];
    const source = yield* openSource(project, common, needs, storedLogin);
    yield* announce(source);
    const dags = yield* served(request, source);
    for (const dag of dags) yield* resolveParameters(project, dag, parameters, source.sandbox);
    const sink = yield* openWhenFree(
      openSink(project, common.sink, source.sandbox === undefined ? "real" : "sandbox"),
      ifRunningOf(common, project.config),
    );
    // A pretended login cannot be renewed from what the user keeps for the real vendor, and a pretended vendor has
    // not seen what earlier runs sent.
    const governance = source.sandbox === undefined
      ? {
        renew: yield* renewal(project, source, patience),
        journal: (kind: Source.Capability) =>
          paceJournal(project.state, source.plugin.id, kind, source.services.session.info.limits[kind]),
      }
      : {};
    const services = Context.add(yield* governed(source.services, governance), Sink.Sink, sink).pipe(
      Context.add(Calendar.Calendars, calendars),
    );
    return { source, sink, services, dags };
  });
