import { type Dataset, Where } from "@candlewick/core";
import { namesFault } from "./names.ts";
import { identifier, stored } from "./quote.ts";
import { whereFault, whereSql } from "./where.ts";

/** A selection with its types worn off. */
export interface Asked {
  readonly columns?: ReadonlyArray<string>;
  readonly where?: Where.Where;
  readonly orderBy?: ReadonlyArray<string | readonly [column: string, direction: "desc"]>;
  readonly limit?: number;
}

const ordered = (order: string | readonly [string, "desc"]) =>
  typeof order === "string"
    ? { name: order, direction: "asc nulls last" }
    : { name: order[0], direction: "desc nulls first" };

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

/** DuckDB's client takes this character from the beginning of a text, for the mark of an encoding. */
const MARK = "'\ufeff'";

const whole = (type: Dataset.ColumnType, column: string): string =>
  type === "text"
    ? `case when starts_with(${column}, ${MARK}) then ${MARK} || ${column} else ${column} end`
    : column;

/**
 * The statement for a selection without a fault; its columns are called `c0`, `c1` and so on, which are nobody's.
 * Null counts as the largest value.
 */
export const selectSql = (dataset: Dataset.Dataset, asked: Asked): string => {
  const columns = asked.columns ?? Object.keys(dataset.columns);
  const where = asked.where ?? Where.all;
  const order = (asked.orderBy ?? []).map(ordered).map(({ direction, name }) =>
    `t.${identifier(name)} ${direction}`
  );
  return [
    `select ${
      columns.map((name, i) => `${whole(dataset.columns[name]!.type, `t.${identifier(name)}`)} as c${i}`)
        .join(", ")
    } from ${stored(dataset.name)} t`,
    where.length === 0 ? "" : ` where ${whereSql(dataset.columns, where, "t.")}`,
    order.length === 0 ? "" : ` order by ${order.join(", ")}`,
    asked.limit === undefined || asked.limit === Infinity ? "" : ` limit ${asked.limit}`,
  ].join("");
};
