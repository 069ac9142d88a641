import type { Manifest } from "@candlewick/core";
import { type DagSection, emptySection, keyOf } from "../config/DagSection.ts";

/** A DAG as `--list` shows it, known from files alone. */
export interface DagEntry {
  /** Place in the order in which all DAGs would run, from 1. */
  readonly number: number;
  readonly id: string;
  readonly declared: Manifest.Declared;
  readonly after: ReadonlyArray<string>;
  readonly description: string;
  readonly schedule: string;
  readonly enabled: boolean;
  /** Whether `all` includes it. */
  readonly inAll: boolean;
  /** The key that switches it off, when it is off. */
  readonly disabledBy?: string;
  /** Sections that configure it, those that count more first. */
  readonly sections: ReadonlyArray<DagSection>;
}

/** Ids so that each comes after those it names; ties in alphabetical order. What is not installed is no obstacle. */
export const inOrder = (
  dags: ReadonlyArray<{ readonly id: string; readonly after: ReadonlyArray<string> }>,
): { readonly ids: ReadonlyArray<string>; readonly circle: ReadonlyArray<string> } => {
  const left = new Map(dags.map((dag) => [dag.id, dag.after] as const));
  const ids: Array<string> = [];
  for (;;) {
    const next = [...left.keys()].sort().find((id) => left.get(id)!.every((other) => !left.has(other)));
    if (next === undefined) return { ids, circle: [...left.keys()].sort() };
    ids.push(next);
    left.delete(next);
  }
};

/** All DAGs, numbered. `sectionBeside` is the `config.json` in a DAG's package, if it has one. */
export const catalogue = (
  declared: ReadonlyArray<Manifest.Declared>,
  configured: Readonly<Record<string, DagSection>>,
  sectionBeside: (dag: Manifest.Declared) => DagSection | undefined,
): { readonly dags: ReadonlyArray<DagEntry>; readonly problems: ReadonlyArray<string> } => {
  const byId = new Map(declared.map((dag) => [dag.manifest.id, dag]));
  const { ids, circle } = inOrder(
    declared.map(({ manifest }) => ({ id: manifest.id, after: manifest.after ?? [] })),
  );
  const dags = ids.map((id, index): DagEntry => {
    const dag = byId.get(id)!;
    const sections = [configured[id], sectionBeside(dag)].filter((section) => section !== undefined);
    const switched = sections.find((section) => section.enabled !== undefined) ?? emptySection("");
    const enabled = switched.enabled ?? true;
    return {
      number: index + 1,
      id,
      declared: dag,
      after: dag.manifest.after ?? [],
      description: sections.find((section) => section.description !== undefined)?.description ??
        dag.manifest.summary,
      schedule: sections.find((section) => section.schedule !== undefined)?.schedule ?? "",
      enabled,
      inAll: switched.enabled ?? !(dag.manifest.onlyByName ?? false),
      ...(enabled ? {} : { disabledBy: keyOf(switched.where, "enabled") }),
      sections,
    };
  });
  return {
    dags,
    problems: circle.length === 0 ? [] : [
      `DAGs wait for each other: ${circle.join(", ")}; look at "after" in the manifests of ` +
      circle.map((id) => byId.get(id)!.packageName).join(", "),
    ],
  };
};
