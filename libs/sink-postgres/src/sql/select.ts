import { type Dataset, Where } from "@candlewick/core";
import {
  type Asked,
  columnsOf,
  identifier,
  identifiers,
  orderOf,
  selectionFaultBy,
} from "@candlewick/sql-store";
import { namesFault } from "./names.ts";
import { comparable } from "./quote.ts";
import { asLiteral, whereFault, whereSql } from "./where.ts";

export const selectionFault = selectionFaultBy(namesFault, whereFault);

/** The statement for a selection without a fault. Null counts as the largest value, as PostgreSQL has it. */
export const selectSql = (dataset: Dataset.Dataset, asked: Asked): string => {
  const columns = columnsOf(dataset, asked).map(([name]) => name);
  const where = asked.where ?? Where.all;
  const order = orderOf(asked).map(({ isDescending, name }) =>
    comparable(dataset.columns[name]!.type, identifier(name)) + (isDescending ? " desc" : "")
  );
  return [
    `select ${identifiers(columns)} from ${identifier(dataset.name)}`,
    where.length === 0 ? "" : ` where ${whereSql(dataset.columns, where, "", asLiteral)}`,
    order.length === 0 ? "" : ` order by ${order.join(", ")}`,
    asked.limit === undefined ? "" : ` limit ${asked.limit}`,
  ].join("");
};
