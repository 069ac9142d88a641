import type { Dataset } from "@candlewick/core";
import { sqlTypes } from "../columns.ts";
import { identifier } from "./quote.ts";
import { columnSql, completeTable, type Relation } from "./table.ts";

/** What must be known of the stored rows before a table can become the dataset. */
export interface Facts {
  readonly hasRows: boolean;
  /** Of the columns that shall be required, those that hold nulls. */
  readonly withNulls: ReadonlySet<string>;
}

/** Columns that may be null in the table and not in the dataset. */
export const tightened = (dataset: Dataset.Dataset, relation: Relation): ReadonlyArray<string> =>
  relation.columns
    .filter(({ name, required }) => !required && dataset.columns[name]?.nullable === false)
    .map(({ name }) => name);

/** Asks for the facts: whether there are rows, then for each column whether it holds nulls. */
export const factsSql = (table: string, columns: ReadonlyArray<string>): string =>
  `select ${
    ["", ...columns.map((column) => ` where ${identifier(column)} is null`)]
      .map((where) => `exists (select from ${identifier(table)}${where})`).join(", ")
  }`;

const sameSet = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.length === right.length && left.every((item) => right.includes(item));

/** Why the table cannot become the dataset without losing or reinterpreting data; each names its column. */
export const refusals = (
  dataset: Dataset.Dataset,
  relation: Relation,
  facts: Facts,
): ReadonlyArray<string> => {
  if (relation.kind !== "r" && relation.kind !== "p") {
    return ["something that is no table has this name"];
  }
  const found: Array<string> = [];
  const stored = new Map(relation.columns.map((column) => [column.name, column]));
  for (const [name, wanted] of Object.entries(dataset.columns)) {
    const present = stored.get(name);
    if (present === undefined) {
      if (!wanted.nullable && facts.hasRows) {
        found.push(`column "${name}" is new and required, and the stored rows have no value for it`);
      }
    } else if (present.type !== sqlTypes[wanted.type]) {
      found.push(
        `column "${name}" is ${present.type} in the database and ${sqlTypes[wanted.type]} in the dataset`,
      );
    } else if (facts.withNulls.has(name)) {
      found.push(`column "${name}" is required in the dataset, and stored rows have no value for it`);
    }
  }
  for (const { filled, name, required } of relation.columns) {
    if (required && !filled && !Object.hasOwn(dataset.columns, name)) {
      found.push(`column "${name}" is required in the database and gone from the dataset`);
    }
  }
  if (!sameSet(relation.key, dataset.key)) {
    found.push(
      `the primary key is (${relation.key.join(", ")}) in the database and (${
        dataset.key.join(", ")
      }) in the dataset`,
    );
  }
  return found;
};

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
