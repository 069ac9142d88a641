import type { DagEntry } from "../project/DagCatalogue.ts";
import type { Paint } from "./Style.ts";
import { table } from "./Summary.ts";

interface Chosen {
  readonly source: string;
  readonly sink: string;
}

/** All DAGs as data. */
export const asRows = (dags: ReadonlyArray<DagEntry>, { source, sink }: Chosen) =>
  dags.map(({ number, id, description, schedule, enabled }) => ({
    number,
    id,
    description,
    schedule,
    enabled,
    source,
    sink,
  }));

/** All DAGs as a table, with how to run them. */
export const renderList = (
  dags: ReadonlyArray<DagEntry>,
  chosen: Chosen,
  paint: Paint,
): ReadonlyArray<string> => {
  const example = (dags.findLast(({ inAll }) => inAll) ?? dags.at(-1))?.id;
  if (example === undefined) {
    return [
      'There is no DAG: add its package to the workspace, or name one under "plugins" in config/config.json',
    ];
  }
  const rows = dags.map(({ number, id, description, schedule, enabled, inAll }) => [
    number,
    id,
    description,
    schedule === "" ? "-" : schedule,
    inAll ? "yes" : enabled ? "by name" : "no",
    chosen.source,
    chosen.sink,
  ]);
  return [
    ...table(["#", "id", "description", "schedule", "enabled", "source", "sink"], rows, paint),
    "",
    `Run one:      nx run runner:execute --dag=${example}`,
    "Run several:  nx run runner:execute --dag=1,2 or --dag=all",
    `Parameters:   nx run runner:execute -- --dag=${example} --help`,
  ];
};
