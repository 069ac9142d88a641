import type { DagEntry } from "../project/DagCatalogue.ts";
import { table } from "./Summary.ts";

/** All DAGs, with how to run them. */
export const renderList = (
  dags: ReadonlyArray<DagEntry>,
  chosen: { readonly source: string; readonly sink: string },
): ReadonlyArray<string> =>
  dags.length === 0
    ? ["There is no DAG: add its package to the workspace, or name one under plugins in config/config.json"]
    : [
      ...table(
        ["#", "id", "description", "schedule", "enabled", "source", "sink"],
        dags.map((dag) => [
          String(dag.number),
          dag.id,
          dag.description,
          dag.schedule === "" ? "-" : dag.schedule,
          dag.enabled ? "yes" : "no",
          chosen.source,
          chosen.sink,
        ]),
      ),
      "",
      `Run one:      nx run runner:execute --dag=${dags[0]!.id}`,
      "Run several:  nx run runner:execute --dag=1,2   or --dag=all",
      `Parameters:   nx run runner:execute -- --dag=${dags[0]!.id} --help`,
    ];
