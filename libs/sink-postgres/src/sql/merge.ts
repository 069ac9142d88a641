import type { Dataset, Where } from "@candlewick/core";
import { sqlTypes } from "../columns.ts";
import { identifier, identifiers } from "./quote.ts";
import { type Bind, type Condition, whereSql } from "./where.ts";

export interface Merge {
  readonly dataset: Dataset.Dataset;
  /** Where the given rows are: a table, or an expression for the FROM clause. */
  readonly source: string;
  /** Whether reading the source again costs no more than reading what was read of it before. */
  readonly isTable: boolean;
  /** What is known of all given keys. */
  readonly span: ReadonlyArray<Condition>;
  /** Rows of the slice that are not given are deleted; undefined deletes nothing. */
  readonly slice: Where.Where | undefined;
}

/**
 * Compares the given rows with the stored ones, once, and writes what differs: rows that are equal are not
 * touched, nor locked. Answers the numbers of rows deleted, updated and inserted.
 *
 * The differences are sorted, so that all are found before the first is written: otherwise a scan of the table
 * might meet the rows just inserted, again and again. Counting the deleted before updating, and the updated
 * before inserting, keeps that order, which unique indexes need; the parts of a statement have none of their own.
 */
export const mergeSql = ({ dataset, isTable, slice, source, span }: Merge, bind: Bind): string => {
  const table = identifier(dataset.name);
  const names = Object.keys(dataset.columns);
  const rest = names.filter((name) => !dataset.key.includes(name));
  const compared = rest.filter((name) => !dataset.columns[name]!.bookkeeping);
  const sameKey = (left: string, right: string) =>
    dataset.key.map((name) => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(" and ");
  const differs = (name: string) =>
    `t.${identifier(name)} ${dataset.columns[name]!.nullable ? "is distinct from" : "<>"} s.${
      identifier(name)
    }`;
  const within = (prefix: string) =>
    span.length === 0 ? "" : ` and ${whereSql(dataset.columns, span, prefix, bind)}`;
  const keyColumn = `t.${identifier(dataset.key[0]!)}`;

  const parts = [
    `given as ${isTable ? "not " : ""}materialized (select * from ${source})`,
    `differing as materialized (
       select s.*, ${keyColumn} is not null as "~stored"
       from given s left join ${table} t on ${sameKey("t", "s")}${within("t.")}
       where ${[`${keyColumn} is null`, ...compared.map(differs)].join(" or ")}
       order by ${identifiers(dataset.key, "s.")})`,
  ];
  const count = (part: string) => `(select count(*) from ${part})`;
  if (slice !== undefined) {
    parts.push(`deleted as (
       delete from ${table} t where ${whereSql(dataset.columns, slice, "t.", bind)}
       and not exists (select from given s where ${sameKey("s", "t")}) returning 1)`);
  }
  if (compared.length > 0) {
    parts.push(`updated as (
       update ${table} t set ${rest.map((name) => `${identifier(name)} = d.${identifier(name)}`).join(", ")}
       from differing d where d."~stored" and ${sameKey("t", "d")}${within("t.")}
       ${slice === undefined ? "" : `and ${count("deleted")} >= 0`} returning 1)`);
  }
  const before = compared.length > 0 ? "updated" : slice !== undefined ? "deleted" : undefined;
  parts.push(`inserted as (
       insert into ${table} (${identifiers(names)})
       select ${identifiers(names, "d.")} from differing d where not d."~stored"
       ${before === undefined ? "" : `and ${count(before)} >= 0`} returning 1)`);
  return `with ${parts.join(",\n")}
     select ${slice === undefined ? 0 : count("deleted")}, ${compared.length > 0 ? count("updated") : 0},
       ${count("inserted")}`;
};

/** Rows given as JSON, an array of objects; JSON's null is SQL's. */
export const jsonSource = (columns: Dataset.Columns, json: string): string =>
  `json_to_recordset(${json}) as r(${
    Object.entries(columns).map(([name, { type }]) =>
      `${identifier(name)} ${sqlTypes[type]}${type === "text" ? ` collate "C"` : ""}`
    ).join(", ")
  })`;

/** A key that comes more than once in a table of given rows, as text by column. */
export const repeatedKeySql = (dataset: Dataset.Dataset, source: string): string =>
  `select ${dataset.key.map((name) => `${identifier(name)}::text`).join(", ")} from ${source}
   group by ${identifiers(dataset.key)} having count(*) > 1 limit 1`;

/** Whether the table has any row that matches one of the lists of conditions. */
export const anyRowSql = (
  dataset: Dataset.Dataset,
  regions: ReadonlyArray<ReadonlyArray<Condition>>,
  bind: Bind,
): string =>
  `select ${
    regions.map((region) =>
      `exists (select from ${identifier(dataset.name)} t where ${
        whereSql(dataset.columns, region, "t.", bind)
      })`
    ).join(" or ")
  }`;
