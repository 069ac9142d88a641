import type { Dataset } from "@candlewick/core";
import { sqlTypes } from "../columns.ts";
import { identifier } from "./quote.ts";
import { columnSql, completeTable, type Relation } from "./table.ts";

/** Answers whether the table has rows, which a new or tighter column would have to fit. */
export const hasRowsSql = (table: string): string => `select exists (select from ${identifier(table)})`;

const sameSet = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.length === right.length && left.every((item) => right.includes(item));

/** Why the table cannot become the dataset without losing or reinterpreting data; each names its column. */
export const refusals = (
  dataset: Dataset.Dataset,
  relation: Relation,
  hasRows: boolean,
): ReadonlyArray<string> => {
  if (relation.kind !== "r" && relation.kind !== "p") {
    return ["something that is no table has this name"];
  }
  const found: Array<string> = [];
  const stored = new Map(relation.columns.map((column) => [column.name, column]));
  for (const [name, wanted] of Object.entries(dataset.columns)) {
    const present = stored.get(name);
    if (present === undefined) {
      if (!wanted.nullable && hasRows) {
        found.push(`column "${name}" is new and required, and the stored rows have no value for it`);
      }
    } else if (present.type !== sqlTypes[wanted.type]) {
      found.push(
        `column "${name}" is ${present.type} in the database and ${sqlTypes[wanted.type]} in the dataset`,
      );
    } else if (!present.required && !wanted.nullable && hasRows) {
      found.push(
        `column "${name}" may be null in the database and is required in the dataset ` +
          `(when no row lacks it: alter table ${identifier(dataset.name)} alter ${
            identifier(name)
          } set not null)`,
      );
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
