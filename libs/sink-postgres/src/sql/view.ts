import type { Dataset } from "@candlewick/core";
import { identifier, literal } from "./quote.ts";

/** The query of a view: all of the base's columns, then those it adds; base rows without a partner stay. */
export const viewQuery = ({ adds, base, joined, on }: Dataset.View): string =>
  `select ${
    [
      ...Object.keys(base.columns).map((name) => `b.${identifier(name)}`),
      ...adds.map((name) => `j.${identifier(name)}`),
    ].join(", ")
  } from ${identifier(base.name)} b left join ${identifier(joined.name)} j on ${
    on.map(([left, right]) => `b.${identifier(left)} = j.${identifier(right)}`).join(" and ")
  }`;

const PROBE = "candlewick_view_probe";

/** Makes the view under another name, to see how PostgreSQL writes its query. */
export const probeView = (view: Dataset.View): string =>
  `create temporary view ${PROBE} as ${viewQuery(view)}`;

/** Whether the view of this name has the probe's query: true, false, or null when there is no such view. */
export const sameAsProbe = (name: string): string =>
  `select pg_get_viewdef(c.oid) = pg_get_viewdef('pg_temp.${PROBE}'::regclass)
   from pg_class c where c.oid = to_regclass(${literal(identifier(name))}) and c.relkind = 'v'`;

export const dropProbe = `drop view pg_temp.${PROBE}`;

/** CREATE OR REPLACE only ever appends columns, so that a view with others is made anew. */
export const replaceView = (view: Dataset.View, exists: boolean): ReadonlyArray<string> => [
  ...(exists ? [`drop view ${identifier(view.name)}`] : []),
  `create view ${identifier(view.name)} as ${viewQuery(view)}`,
  ...(view.description === ""
    ? []
    : [`comment on view ${identifier(view.name)} is ${literal(view.description)}`]),
];
