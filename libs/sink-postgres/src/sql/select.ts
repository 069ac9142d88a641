import { type Dataset, Where } from "@candlewick/core";
import { namesFault } from "./names.ts";
import { comparable, identifier, identifiers } from "./quote.ts";
import { asLiteral, whereFault, whereSql } from "./where.ts";

/** A selection with its types worn off. */
export interface Asked {
  readonly columns?: ReadonlyArray<string>;
  readonly where?: Where.Where;
  readonly orderBy?: ReadonlyArray<string | readonly [column: string, direction: "desc"]>;
  readonly limit?: number;
}

const ordered = (order: string | readonly [string, "desc"]) =>
  typeof order === "string" ? { name: order, direction: "" } : { name: order[0], direction: " desc" };

/** Why a selection cannot be answered. */
export const selectionFault = (dataset: Dataset.Dataset, asked: Asked): string | undefined => {
  const misnamed = namesFault(dataset);
  if (misnamed !== undefined) return misnamed;
  const unknown = [...(asked.columns ?? []), ...(asked.orderBy ?? []).map((order) => ordered(order).name)]
    .find((name) => !Object.hasOwn(dataset.columns, name));
  if (unknown !== undefined) return `dataset ${dataset.name} has no column "${unknown}"`;
  if (asked.columns?.length === 0) return "no column is asked for";
  if (asked.limit !== undefined && !(Number.isSafeInteger(asked.limit) && asked.limit >= 0)) {
    return `the limit ${asked.limit} is no number of rows`;
  }
  return whereFault(dataset, asked.where ?? Where.all);
};

/** The statement for a selection without a fault. Null counts as the largest value, as PostgreSQL has it. */
export const selectSql = (dataset: Dataset.Dataset, asked: Asked): string => {
  const columns = asked.columns ?? Object.keys(dataset.columns);
  const where = asked.where ?? Where.all;
  const order = (asked.orderBy ?? []).map(ordered).map(({ direction, name }) =>
    comparable(dataset.columns[name]!.type, identifier(name)) + direction
  );
  return [
    `select ${identifiers(columns)} from ${identifier(dataset.name)}`,
    where.length === 0 ? "" : ` where ${whereSql(dataset.columns, where, "", asLiteral)}`,
    order.length === 0 ? "" : ` order by ${order.join(", ")}`,
    asked.limit === undefined ? "" : ` limit ${asked.limit}`,
  ].join("");
};
