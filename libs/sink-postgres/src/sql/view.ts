import type { Dataset } from "@candlewick/core";
import { commentSql, identifier, literal, viewQuery } from "@candlewick/sql-store";

const PROBE = "candlewick_view_probe";

/** Makes the view under another name, to see how PostgreSQL writes its query. */
export const probeView = (view: Dataset.View): string =>
  `create temporary view ${PROBE} as ${viewQuery(view, identifier)}`;

/** Whether the view of this name has the probe's query: true, false, or null when there is no such view. */
export const sameAsProbe = (name: string): string =>
  `select pg_get_viewdef(c.oid) = pg_get_viewdef('pg_temp.${PROBE}'::regclass)
   from pg_class c where c.oid = to_regclass(${literal(identifier(name))}) and c.relkind = 'v'`;

export const dropProbe = `drop view pg_temp.${PROBE}`;

/** CREATE OR REPLACE only ever appends columns, so that a view with others is made anew. */
export const replaceView = (view: Dataset.View, exists: boolean): ReadonlyArray<string> => [
  ...(exists ? [`drop view ${identifier(view.name)}`] : []),
  `create view ${identifier(view.name)} as ${viewQuery(view, identifier)}`,
  ...(view.description === "" ? [] : [commentSql(`view ${identifier(view.name)}`, view.description)]),
];
