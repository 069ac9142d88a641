import type { Dataset } from "@candlewick/core";
import { identifier, literal, stored } from "./quote.ts";

/** The query of a view: all of the base's columns, then those it adds; base rows without a partner stay. */
export const viewQuery = ({ adds, base, joined, on }: Dataset.View): string =>
  `select ${
    [
      ...Object.keys(base.columns).map((name) => `b.${identifier(name)}`),
      ...adds.map((name) => `j.${identifier(name)}`),
    ].join(", ")
  } from ${stored(base.name)} b left join ${stored(joined.name)} j on ${
    on.map(([left, right]) => `b.${identifier(left)} = j.${identifier(right)}`).join(" and ")
  }`;

/** Makes the view, in place of one that is there. */
export const makeView = (view: Dataset.View): ReadonlyArray<string> => [
  `create or replace view ${stored(view.name)} as ${viewQuery(view)}`,
  ...(view.description === ""
    ? []
    : [`comment on view ${stored(view.name)} is ${literal(view.description)}`]),
];
