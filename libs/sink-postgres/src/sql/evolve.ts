import type { Dataset } from "@candlewick/core";
import { identifier, misfits } from "@candlewick/sql-store";
import { sqlTypes } from "../columns.ts";
import { columnSql, completeTable, type Relation } from "./table.ts";

/** Answers whether the table has rows, which a new or tighter column would have to fit. */
export const hasRowsSql = (table: string): string => `select exists (select from ${identifier(table)})`;

/** Why the table cannot become the dataset without losing or reinterpreting data; each names its column. */
export const refusals = (
  dataset: Dataset.Dataset,
  relation: Relation,
  hasRows: boolean,
): ReadonlyArray<string> =>
  relation.kind === "r" || relation.kind === "p"
    ? misfits(dataset, relation, hasRows, {
      types: sqlTypes,
      key: "primary key",
      requiring: (table, column) =>
        ` (when no row lacks it: alter table ${identifier(table)} alter ${identifier(column)} set not null)`,
    })
    : ["something that is no table has this name"];

/** Statements that make a table, of which nothing is refused, the dataset; none when it is already. */
export const evolveTable = (dataset: Dataset.Dataset, relation: Relation): ReadonlyArray<string> => {
  const stored = new Map(relation.columns.map((column) => [column.name, column]));
  const changes = Object.entries(dataset.columns).flatMap(([name, wanted]) => {
    const present = stored.get(name);
    const column = `alter column ${identifier(name)}`;
    if (present === undefined) return [`add column ${columnSql(name, wanted)}`];
    return [
      ...(wanted.type === "text" && present.collation !== "C" ? [`${column} type text collate "C"`] : []),
      ...(present.required && wanted.nullable ? [`${column} drop not null`] : []),
      ...(!present.required && !wanted.nullable ? [`${column} set not null`] : []),
    ];
  });
  return [
    ...(changes.length === 0 ? [] : [`alter table ${identifier(dataset.name)} ${changes.join(", ")}`]),
    ...completeTable(dataset, relation),
  ];
};
