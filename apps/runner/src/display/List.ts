import type { Manifest } from "@candlewick/core";
import { ofKind } from "../project/Discovery.ts";
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

/** All sources or sinks as data; the one that a run takes when none is named is the default. */
export const asChoices = (
  declared: ReadonlyArray<Manifest.Declared>,
  kind: "source" | "sink",
  chosen: Chosen,
) =>
  ofKind(declared, kind)
    .map(({ manifest: { id, summary } }) => ({ id, summary, default: id === chosen[kind] }))
    .sort((left, right) => left.id < right.id ? -1 : 1);

/** All sources or sinks as a table. */
const renderChoices = (
  declared: ReadonlyArray<Manifest.Declared>,
  kind: "source" | "sink",
  chosen: Chosen,
  paint: Paint,
): ReadonlyArray<string> => {
  const rows = asChoices(declared, kind, chosen).map((one) => [
    one.id,
    one.summary,
    one.default ? "yes" : `--${kind}=${one.id}`,
  ]);
  return rows.length === 0 ? [] : ["", ...table([kind, "description", "chosen"], rows, paint)];
};

/** All DAGs as a table, with how to run them, and what they can run on. */
export const renderList = (
  { dags, declared }: {
    readonly dags: ReadonlyArray<DagEntry>;
    readonly declared: ReadonlyArray<Manifest.Declared>;
  },
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
    ...renderChoices(declared, "source", chosen, paint),
    ...renderChoices(declared, "sink", chosen, paint),
    "",
    `Run one:      nx run runner:execute --dag=${example}`,
    "Run several:  nx run runner:execute --dag=1,2 or --dag=all",
    `Parameters:   nx run runner:execute -- --dag=${example} --help`,
  ];
};
