import type { Dataset } from "@candlewick/core";
import { identifier, literal } from "./quote.ts";

export const commentSql = (what: string, comment: string): string =>
  `comment on ${what} is ${comment === "" ? "null" : literal(comment)}`;

/** What a database says of a table and its columns. */
export interface Comments {
  readonly comment: string | null;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly comment: string | null }>;
}

/** Descriptions of the dataset that its table, given as an expression, does not have yet. */
export const describeSql = (
  { columns, description }: Dataset.Dataset,
  table: string,
  present: Comments = { comment: null, columns: [] },
): ReadonlyArray<string> => {
  const comments = new Map(present.columns.map(({ comment, name }) => [name, comment]));
  return [
    ...(description === (present.comment ?? "") ? [] : [commentSql(`table ${table}`, description)]),
    ...Object.entries(columns)
      .filter(([name, column]) => column.description !== (comments.get(name) ?? ""))
      .map(([name, column]) => commentSql(`column ${table}.${identifier(name)}`, column.description)),
  ];
};

/**
 * The query of a view: all of the base's columns, then those it adds; base rows without a partner stay. `tableOf`
 * makes the expression for a table of its name.
 */
export const viewQuery = (
  { adds, base, joined, on }: Dataset.View,
  tableOf: (name: string) => string,
): string =>
  `select ${
    [
      ...Object.keys(base.columns).map((name) => `b.${identifier(name)}`),
      ...adds.map((name) => `j.${identifier(name)}`),
    ].join(", ")
  } from ${tableOf(base.name)} b left join ${tableOf(joined.name)} j on ${
    on.map(([left, right]) => `b.${identifier(left)} = j.${identifier(right)}`).join(" and ")
  }`;

/** Whether the given row `s` and the stored row `t` have the same key. */
export const sameKeySql = ({ key }: Dataset.Dataset): string =>
  key.map((name) => `t.${identifier(name)} = s.${identifier(name)}`).join(" and ");

/** The columns in which a given row makes a difference. */
export const comparedOf = ({ columns, key }: Dataset.Dataset): ReadonlyArray<string> =>
  Object.keys(columns).filter((name) => !key.includes(name) && !columns[name]!.bookkeeping);

/** Whether a given row, joined with the stored row `t` of its key, has none. */
export const isNewSql = ({ key }: Dataset.Dataset): string => `t.${identifier(key[0]!)} is null`;

/** Whether the given row `s` is new, or differs from the stored row `t` in a column that is compared. */
export const differsSql = (dataset: Dataset.Dataset): string =>
  [
    isNewSql(dataset),
    ...comparedOf(dataset).map((name) => {
      const operator = dataset.columns[name]!.nullable ? "is distinct from" : "<>";
      return `t.${identifier(name)} ${operator} s.${identifier(name)}`;
    }),
  ].join(" or ");
