import { type Dataset, Where } from "@candlewick/core";
import { type Asked, columnsOf, identifier, orderOf, selectionFaultBy } from "@candlewick/sql-store";
import { namesFault } from "./names.ts";
import { stored } from "./quote.ts";
import { whereFault, whereSql } from "./where.ts";

export const selectionFault = selectionFaultBy(namesFault, whereFault);

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
  const where = asked.where ?? Where.all;
  const order = orderOf(asked).map(({ isDescending, name }) =>
    `t.${identifier(name)} ${isDescending ? "desc nulls first" : "asc nulls last"}`
  );
  return [
    `select ${
      columnsOf(dataset, asked).map(([name, type], i) => `${whole(type, `t.${identifier(name)}`)} as c${i}`)
        .join(", ")
    } from ${stored(dataset.name)} t`,
    where.length === 0 ? "" : ` where ${whereSql(dataset.columns, where, "t.")}`,
    order.length === 0 ? "" : ` order by ${order.join(", ")}`,
    asked.limit === undefined || asked.limit === Infinity ? "" : ` limit ${asked.limit}`,
  ].join("");
};
