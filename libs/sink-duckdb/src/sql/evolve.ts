import type { Dataset } from "@candlewick/core";
import { describeSql, identifier, misfits } from "@candlewick/sql-store";
import { sqlTypes } from "../columns.ts";
import { stored } from "./quote.ts";
import {
  columnSql,
  createIndex,
  createTable,
  generationOf,
  type Relation,
  rememberSql,
  uniqueIndexes,
} from "./table.ts";

/** Answers whether the table has rows, which a new or tighter column would have to fit. */
export const hasRowsSql = (table: string): string =>
  `select exists (from ${stored(table)} limit 1) as has_rows`;

/** Why the table cannot become the dataset without losing or reinterpreting data; each names its column. */
export const refusals = (
  dataset: Dataset.Dataset,
  { columns, definition, isView }: Relation,
  hasRows: boolean,
): ReadonlyArray<string> => {
  if (isView) return ["a view has this name"];
  if (definition === undefined) return ["a table has this name that was not made by this sink"];
  const { key } = definition;
  return misfits(dataset, { columns, key }, hasRows, { types: sqlTypes, key: "key", requiring: () => "" });
};

/** Statements that make a table, of which nothing is refused, the dataset. */
export const evolveTable = (
  dataset: Dataset.Dataset,
  relation: Relation,
  hasRows: boolean,
): ReadonlyArray<string> => {
  const present = new Map(relation.columns.map((column) => [column.name, column]));
  const columns = Object.entries(dataset.columns);
  const tightened = columns.some(([name, { nullable }]) => !nullable && present.get(name)?.required !== true);
  // Without rows nothing is lost, and DuckDB adds no required columns.
  if (tightened && !hasRows) return [`drop table ${stored(dataset.name)}`, ...createTable(dataset)];
  const relaxed = columns.filter(([name, { nullable }]) => nullable && present.get(name)?.required === true);
  const added = columns.filter(([name]) => !present.has(name));
  const alter = (change: string) => `alter table ${stored(dataset.name)} ${change}`;
  // A table with indexes takes no other change than new columns: they are made anew.
  const dropped = relaxed.length === 0 ? [] : relation.unique;
  const kept = relation.unique.filter((index) => !dropped.includes(index)).map((index) =>
    index.columns.join()
  );
  const generation = generationOf(relation);
  const wanted = uniqueIndexes(dataset);
  const others = dropped.map((index) => index.columns).filter((columns) =>
    !wanted.some((one) => one.join() === columns.join())
  );
  return [
    ...dropped.map(({ name }) => `drop index main.${identifier(name)}`),
    ...added.map(([name, column]) => alter(`add column ${columnSql(name, column)}`)),
    ...relaxed.map(([name]) => alter(`alter column ${identifier(name)} drop not null`)),
    ...[...wanted.filter((columns) => !kept.includes(columns.join())), ...others].map((columns) =>
      createIndex(dataset.name, columns, generation)
    ),
    ...describeSql(dataset, stored(dataset.name), relation),
    ...rememberSql(dataset, relation.definition),
  ];
};
