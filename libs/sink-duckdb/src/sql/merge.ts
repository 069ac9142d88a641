import type { Dataset, Where } from "@candlewick/core";
import { comparedOf, differsSql, identifier, identifiers, isNewSql, sameKeySql } from "@candlewick/sql-store";
import { sqlTypes } from "../columns.ts";
import type { Extent } from "../keys.ts";
import { stored } from "./quote.ts";
import { constantOf, extentsSql, whereSql } from "./where.ts";

/** The column that tells new rows among those that differ; no dataset can have its name. */
const NEW = `"~new"`;
/** The place of a given row among the others. */
const PLACE = `"~place"`;

/** Given rows `s` beside the stored rows `t` of the same keys, of which only the part within the extents is read. */
const joined = (dataset: Dataset.Dataset, source: string, extents: ReadonlyArray<Extent>): string =>
  `${source} s left join (select ${identifiers([...dataset.key, ...comparedOf(dataset)])} from ${
    stored(dataset.name)
  } t where ${extentsSql(dataset.columns, extents, "t.")}) t on ${sameKeySql(dataset)}`;

/** An empty temporary table for rows of the dataset. */
export const createStage = (dataset: Dataset.Dataset, stage: string): string =>
  `create temp table ${stage} as select ${identifiers(Object.keys(dataset.columns))} from ${
    stored(dataset.name)
  } limit 0`;

/** Given rows that are new or differ from those stored, as a temporary table; answers their number. */
export const createDiffering = (
  dataset: Dataset.Dataset,
  table: string,
  stage: string,
  extents: ReadonlyArray<Extent>,
): string =>
  `create temp table ${table} as select s.*, ${isNewSql(dataset)} as ${NEW}
   from ${joined(dataset, `temp.${stage}`, extents)} where ${differsSql(dataset)}`;

export const countNew = (table: string): string =>
  `select count(*) filter (${NEW}) as inserted from temp.${table}`;

/** What a statement that writes answers: the number of rows. */
export const countOf = ([answer]: ReadonlyArray<Readonly<Record<string, unknown>>>): number =>
  Number(answer?.["Count"] ?? 0);

/** Everything but the key is written, bookkeeping columns, too. */
export const updateFrom = (
  dataset: Dataset.Dataset,
  source: string,
  condition: string,
  extents: ReadonlyArray<Extent>,
): string => {
  const rest = Object.keys(dataset.columns).filter((name) => !dataset.key.includes(name));
  return `update ${stored(dataset.name)} as t set ${
    rest.map((name) => `${identifier(name)} = s.${identifier(name)}`).join(", ")
  } from ${source} s where ${sameKeySql(dataset)} and ${condition} and ${
    extentsSql(dataset.columns, extents, "t.")
  }`;
};

export const updateDiffering = (dataset: Dataset.Dataset, table: string, extents: ReadonlyArray<Extent>) =>
  updateFrom(dataset, `temp.${table}`, `not s.${NEW}`, extents);

/** In the order of the key, so that rows of one series lie together. */
export const insertFrom = (dataset: Dataset.Dataset, source: string, condition = "true"): string => {
  const names = identifiers(Object.keys(dataset.columns));
  return `insert into ${stored(dataset.name)} (${names}) select ${names} from ${source} s
    where ${condition} order by ${identifiers(dataset.key)}`;
};

export const insertDiffering = (dataset: Dataset.Dataset, table: string): string =>
  insertFrom(dataset, `temp.${table}`, NEW);

/** Rows of the slice that are not given go; `source` undefined: all of them. Answers their number as `Count`. */
export const deleteMissing = (
  dataset: Dataset.Dataset,
  slice: Where.Where,
  source: string | undefined,
): string =>
  `delete from ${stored(dataset.name)} as t where ${whereSql(dataset.columns, slice, "t.")}${
    source === undefined ? "" : ` and not exists (from ${source} s where ${sameKeySql(dataset)})`
  }`;

/** A key that comes more than once, as text by column: in a stage, or among the stored rows within the extents. */
export const repeatedKeySql = (
  dataset: Dataset.Dataset,
  source: string,
  extents: ReadonlyArray<Extent>,
): string =>
  `select ${dataset.key.map((name, i) => `${identifier(name)}::varchar as c${i}`).join(", ")} from ${source} t
   where ${extentsSql(dataset.columns, extents, "t.")}
   group by ${identifiers(dataset.key)} having count(*) > 1 limit 1`;

/** Whether stored rows could be met. */
export const existsSql = (
  dataset: Dataset.Dataset,
  extents: ReadonlyArray<Extent>,
  slice: Where.Where | undefined,
): string => {
  const exists = (condition: string) => `exists (from ${stored(dataset.name)} t where ${condition} limit 1)`;
  const near = exists(extentsSql(dataset.columns, extents, "t."));
  return `select ${near} as near, ${
    slice === undefined ? "false" : exists(whereSql(dataset.columns, slice, "t."))
  } as inside`;
};

/** A few rows, valid ones, as constants. */
export const valuesSource = (
  dataset: Dataset.Dataset,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
): string => {
  const columns = Object.entries(dataset.columns);
  const values = rows.map((row, place) =>
    `(${
      [
        ...columns.map(([name, { type }]) =>
          row[name] === null ? `null::${sqlTypes[type]}` : constantOf(type, row[name])
        ),
        place,
      ].join(", ")
    })`
  );
  return `(select * from (values ${values.join(", ")}) v(${
    identifiers(columns.map(([name]) => name))
  }, ${PLACE}))`;
};

/** Of a few given rows, the places of those that are new or differ. */
export const differingPlaces = (
  dataset: Dataset.Dataset,
  source: string,
  extents: ReadonlyArray<Extent>,
): string =>
  `select s.${PLACE} as place, ${isNewSql(dataset)} as is_new
   from ${joined(dataset, source, extents)} where ${differsSql(dataset)}`;
