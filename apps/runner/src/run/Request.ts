import { Effect, Result } from "effect";
import { type Arguments, parse } from "../cli/Arguments.ts";
import type { DagEntry } from "../project/DagCatalogue.ts";
import { load } from "../project/Load.ts";
import type { Project } from "../project/Project.ts";
import { isNamed, select } from "../project/Selection.ts";
import { type Refusal, refuse } from "../Refusal.ts";
import type { LoadedDag } from "./Parameters.ts";

/** The DAGs that a command line names, loaded, with the command line read against their parameters. */
export interface Request {
  readonly dags: ReadonlyArray<LoadedDag>;
  /** Ids of those that the user named, not only by `all`. */
  readonly named: ReadonlyArray<string>;
  readonly disabled: ReadonlyArray<DagEntry>;
  readonly arguments: Arguments;
}

export const loadDag = (entry: DagEntry): Effect.Effect<LoadedDag, Refusal> =>
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
        "no DAG is named: --dag=NAME, --dag=1,2 or --dag=all; --list shows them, --help explains",
      );
    }
    const selection = select(dag, project.dags);
    if (Result.isFailure(selection)) return yield* refuse(...selection.failure);
    const dags = yield* Effect.forEach(selection.success.chosen, loadDag);
    const parsed = parse(args, dags.map(({ plugin }) => plugin));
    if (Result.isFailure(parsed)) return yield* refuse(...parsed.failure);
    return {
      dags,
      named: dags.filter(({ entry }) => isNamed(dag, entry)).map(({ entry }) => entry.id),
      disabled: selection.success.disabled,
      arguments: parsed.success,
    };
  });
