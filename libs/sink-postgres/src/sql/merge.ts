import type { Dataset, Where } from "@candlewick/core";
import {
  comparedOf,
  type Condition,
  differsSql,
  identifier,
  identifiers,
  isNewSql,
  sameKeySql,
} from "@candlewick/sql-store";
import { sqlTypes } from "../columns.ts";
import { type Bind, whereSql } from "./where.ts";

/** What a merge calls its parts, as no table is called: inside the statement they would stand in its place. */
const PARTS = {
  given: `"~given"`,
  differing: `"~differing"`,
  deleted: `"~deleted"`,
  updated: `"~updated"`,
  inserted: `"~inserted"`,
} as const;

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
 * - The differences are sorted, so that all are found before the first is written: otherwise a scan of the table
 *   might meet the rows just inserted, again and again.
 * - Stored rows are updated by way of ON CONFLICT, which looks up each by its key. A join would leave that to the
 *   planner, which guesses the number of differences and may compare each with each.
 * - New rows are inserted without ON CONFLICT: that another writer was faster must not pass in silence.
 * - Counting the deleted before updating, and the updated before inserting, makes that the order, as unique
 *   indexes need; the parts of a statement have none of their own.
 */
export const mergeSql = ({ dataset, isTable, slice, source, span }: Merge, bind: Bind): string => {
  const { deleted, differing, given, inserted, updated } = PARTS;
  const table = identifier(dataset.name);
  const names = Object.keys(dataset.columns);
  const rest = names.filter((name) => !dataset.key.includes(name));
  const sameKey = sameKeySql(dataset);
  const isNew = isNewSql(dataset);
  const isCompared = comparedOf(dataset).length > 0;
  const within = span.length === 0 ? "" : ` and ${whereSql(dataset.columns, span, "t.", bind)}`;
  const count = (part: string) => `(select count(*) from ${part})`;
  const write = (condition: string, conflict: string) =>
    `insert into ${table} (${identifiers(names)}) select ${identifiers(names)} from ${differing}
       where ${condition} ${conflict} returning 1`;
  const assignments = rest.map((name) => `${identifier(name)} = excluded.${identifier(name)}`).join(", ");

  const parts = [
    `${given} as ${isTable ? "not " : ""}materialized (select * from ${source})`,
    `${differing} as materialized (
       select s.*, ${isNew} as "~new" from ${given} s left join ${table} t on ${sameKey}${within}
       where ${differsSql(dataset)}
       order by ${identifiers(dataset.key, "s.")})`,
  ];
  let before = "";
  if (slice !== undefined) {
    parts.push(`${deleted} as (
       delete from ${table} t where ${whereSql(dataset.columns, slice, "t.", bind)}
       and not exists (select from ${given} s where ${sameKey}) returning 1)`);
    before = ` and ${count(deleted)} >= 0`;
  }
  if (isCompared) {
    const conflict = `on conflict (${identifiers(dataset.key)}) do update set ${assignments}`;
    parts.push(`${updated} as (${write(`not "~new"${before}`, conflict)})`);
    before = ` and ${count(updated)} >= 0`;
  }
  parts.push(`${inserted} as (${write(`"~new"${before}`, "")})`);
  return `with ${parts.join(",\n")}
     select ${slice === undefined ? 0 : count(deleted)}, ${isCompared ? count(updated) : 0},
       ${count(inserted)}`;
};

/**
 * Rows given as JSON, an array of objects; JSON's null is SQL's. Both arguments are expressions; the limit tells
 * the planner how few rows there are.
 */
export const jsonSource = (columns: Dataset.Columns, json: string, count: string): string =>
  `json_to_recordset(${json}) as r(${
    Object.entries(columns).map(([name, { type }]) =>
      `${identifier(name)} ${sqlTypes[type]}${type === "text" ? ` collate "C"` : ""}`
    ).join(", ")
  }) limit ${count}`;

/** A key that comes more than once in a table of given rows, as text by column. */
export const repeatedKeySql = (dataset: Dataset.Dataset, source: string): string =>
  `select ${dataset.key.map((name) => `${identifier(name)}::text`).join(", ")} from ${source}
   group by ${identifiers(dataset.key)} having count(*) > 1 limit 1`;

/** How many stored rows match each list of conditions, counted up to a limit. */
export const countSql = (
  dataset: Dataset.Dataset,
  regions: ReadonlyArray<{ readonly where: ReadonlyArray<Condition>; readonly limit: number }>,
  bind: Bind,
): string =>
  `select ${
    regions.map(({ limit, where }) =>
      `(select count(*) from (select from ${identifier(dataset.name)} t
         where ${whereSql(dataset.columns, where, "t.", bind)} limit ${limit}) counted)`
    ).join(", ")
  }`;
