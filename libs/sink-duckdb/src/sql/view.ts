import type { Dataset } from "@candlewick/core";
import { commentSql, viewQuery } from "@candlewick/sql-store";
import { stored } from "./quote.ts";

/** Makes the view, in place of one that is there. */
export const makeView = (view: Dataset.View): ReadonlyArray<string> => [
  `create or replace view ${stored(view.name)} as ${viewQuery(view, stored)}`,
  ...(view.description === "" ? [] : [commentSql(`view ${stored(view.name)}`, view.description)]),
];
