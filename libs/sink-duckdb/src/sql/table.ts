import type { Dataset } from "@candlewick/core";
import {
  columnFields,
  columnFieldsOf,
  datasetFields,
  datasetFieldsOf,
  describeSql,
  identifier,
  identifiers,
  literal,
  REGISTRY,
} from "@candlewick/sql-store";
import { Effect, Schema } from "effect";
import { jsonText } from "../codec/json.ts";
import { sqlTypes } from "../columns.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { stored } from "./quote.ts";

/** What this sink remembers of a dataset: DuckDB's own catalog knows neither its key nor its time column. */
export const Definition = Schema.Struct({
  ...datasetFields,
  columns: Schema.Record(Schema.String, Schema.Struct(columnFields)),
});
export type Definition = typeof Definition.Type;

/** What the file holds under the name of a dataset. */
export interface Relation {
  readonly isView: boolean;
  readonly columns: ReadonlyArray<
    { readonly name: string; readonly type: string; readonly required: boolean; readonly comment: string }
  >;
  readonly comment: string;
  /** Names of its unique indexes and the columns they are on. */
  readonly unique: ReadonlyArray<{ readonly name: string; readonly columns: ReadonlyArray<string> }>;
  /** Undefined for a table that is not this sink's. */
  readonly definition: Definition | undefined;
}

const CatalogRow = Schema.Struct({
  is_view: Schema.Boolean,
  comment: Schema.NullOr(Schema.String),
  columns: Schema.fromJsonString(Schema.Array(Schema.Struct({
    name: Schema.String,
    type: Schema.String,
    required: Schema.Boolean,
    comment: Schema.NullOr(Schema.String),
  }))),
  indexes: Schema.fromJsonString(Schema.Array(Schema.String)),
});

const here = (name: string, alias: string, column: string) =>
  `${alias}.database_name = current_database() and ${alias}.schema_name = 'main' and ${alias}.${column} = ${
    literal(name)
  }`;

/** Answers what the catalog says of a table or view, in no row or one. */
export const relationSql = (name: string): string =>
  `select is_view, comment,
     (select coalesce(to_json(list({name: c.column_name, type: c.data_type, required: not c.is_nullable,
        comment: c.comment} order by c.column_index)), '[]')::varchar
        from duckdb_columns() c where ${here(name, "c", "table_name")}) as columns,
     (select coalesce(to_json(list(i.index_name)), '[]')::varchar
        from duckdb_indexes() i where i.is_unique and ${here(name, "i", "table_name")}) as indexes
   from (select false as is_view, comment from duckdb_tables() t where ${here(name, "t", "table_name")}
     union all select true, comment from duckdb_views() v where ${here(name, "v", "view_name")}) found`;

/** Answers what this sink remembers of a dataset. */
export const definitionSql = (name: string): string =>
  `select definition::varchar as definition from ${stored(REGISTRY)} where name = ${literal(name)}`;

const decodeRow = Schema.decodeUnknownEffect(CatalogRow);
const decodeDefinition = Schema.decodeUnknownEffect(Schema.fromJsonString(Definition));

const PREFIX = /^candlewick_(.+)_(\d+)$/;

/** Unique indexes carry their columns in their names: `candlewick_["left"]_0`. */
const uniqueOf = (table: string, name: string): Relation["unique"] => {
  const columns = PREFIX.exec(name)?.[1];
  return columns === undefined || !columns.startsWith(`${table}.`)
    ? []
    : [{ name, columns: columns.slice(table.length + 1).split(".") }];
};

const nonsense = (what: string) => failure("schema", `what ${what} makes no sense`);

/** Reads the answers to the two questions above. */
export const readRelation = Effect.fnUntraced(function* (
  name: string,
  row: unknown,
  definition: unknown,
): Effect.fn.Return<Relation, DatabaseError> {
  const found = yield* Effect.mapError(
    decodeRow(row),
    (error) => nonsense(`DuckDB says of ${name} (${error.message})`),
  );
  const known = definition === undefined ? undefined : yield* Effect.mapError(
    decodeDefinition(definition),
    () => nonsense(`the table ${REGISTRY} says of ${name}`),
  );
  return {
    isView: found.is_view,
    comment: found.comment ?? "",
    columns: found.columns.map((column) => ({ ...column, comment: column.comment ?? "" })),
    unique: found.indexes.flatMap((index) => uniqueOf(name, index)),
    definition: known,
  };
});

/** Answers whether the table of definitions is there. */
export const hasOwnSql = `select exists (from duckdb_tables() t where ${
  here(REGISTRY, "t", "table_name")
}) as is_there`;

export const createOwn = `create table ${
  stored(REGISTRY)
} (name varchar primary key, definition json not null);
   comment on table ${stored(REGISTRY)} is 'What each table was made for: the sink''s own, do not change'`;

export const columnSql = (name: string, { nullable, type }: Dataset.Column): string =>
  `${identifier(name)} ${sqlTypes[type]}${nullable ? "" : " not null"}`;

export const uniqueIndexes = (dataset: Dataset.Dataset): ReadonlyArray<ReadonlyArray<string>> => {
  const lists = dataset.indexes.filter((index) => index.unique === true).map((index) => index.columns);
  return lists.filter((columns, at) => lists.findIndex((other) => other.join() === columns.join()) === at);
};

/** A dropped index lends its name to no other in the same transaction, so that each generation has names of its own. */
export const createIndex = (table: string, columns: ReadonlyArray<string>, generation: number): string =>
  `create unique index ${identifier(`candlewick_${table}.${columns.join(".")}_${generation}`)} on ${
    stored(table)
  } (${identifiers(columns)})`;

export const generationOf = (relation: Relation): number =>
  1 + Math.max(-1, ...relation.unique.map(({ name }) => Number(PREFIX.exec(name)?.[2] ?? 0)));

const definitionOf = (dataset: Dataset.Dataset): Definition => ({
  ...datasetFieldsOf(dataset),
  columns: Object.fromEntries(
    Object.entries(dataset.columns).map(([name, column]) => [name, columnFieldsOf(column)]),
  ),
});

/** The dataset is remembered anew, where it changed; columns that it no longer describes stay in the table alone. */
export const rememberSql = (dataset: Dataset.Dataset, known?: Definition): ReadonlyArray<string> => {
  const definition = jsonText(definitionOf(dataset));
  if (definition === undefined || definition === jsonText(known)) return [];
  return [
    `insert or replace into ${stored(REGISTRY)} values (${literal(dataset.name)}, ${literal(definition)})`,
  ];
};

/**
 * Makes a dataset's table. The key has no index: this sink is the only writer and keeps it by its merge, while an
 * index would have to fit into memory whole. Indexes that are not unique are not made either: DuckDB scans columns
 * faster than it follows such an index, and skips what lies outside a condition.
 */
export const createTable = (dataset: Dataset.Dataset): ReadonlyArray<string> => [
  `create table ${stored(dataset.name)} (${
    Object.entries(dataset.columns).map(([column, definition]) => columnSql(column, definition)).join(", ")
  })`,
  ...uniqueIndexes(dataset).map((columns) => createIndex(dataset.name, columns, 0)),
  ...describeSql(dataset, stored(dataset.name)),
  ...rememberSql(dataset),
];
