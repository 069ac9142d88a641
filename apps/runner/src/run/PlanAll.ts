import type { PluginError, RunSummary } from "@candlewick/core";
import { Effect } from "effect";
import type { Project } from "../project/Project.ts";
import type { Refusal } from "../Refusal.ts";
import { type Opened, valuesOf } from "./Open.ts";
import type { Request } from "./Request.ts";

export interface DagPlan {
  readonly dag: string;
  readonly plan: RunSummary.RunPlan;
}

/** What the DAGs would do; nothing is fetched. */
export const planAll = (
  project: Project,
  request: Request,
  opened: Opened,
): Effect.Effect<ReadonlyArray<DagPlan>, Refusal | PluginError.PluginError> =>
  Effect.forEach(
    opened.dags,
    Effect.fnUntraced(function* (dag) {
      const { id } = dag.entry;
      const values = yield* valuesOf(project, dag, request.arguments.parameters, opened.source.sandbox);
      const first = (yield* dag.plugin.prerequisites(values)).filter((before) =>
        !opened.dags.some((other) => other.entry.id === before)
      );
      const plan = yield* dag.plugin.plan(values);
      const notes = first.map((before) => `${before} would run first: ${id} needs what it brings`);
      return { dag: id, plan: { ...plan, notes: [...notes, ...plan.notes] } };
    }),
  ).pipe(Effect.provideContext(opened.services));
