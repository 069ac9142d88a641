import type { Dataset } from "@candlewick/core";
import { describeSql, identifier, identifiers, literal } from "@candlewick/sql-store";
import { Effect, Schema } from "effect";
import { sqlTypes } from "../columns.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";
import { bytesOf } from "./names.ts";

/** What the catalogs say of a relation. */
export const Relation = Schema.Struct({
  /** `r` table, `p` partitioned table, `v` view, `m` materialized view ... */
  kind: Schema.String,
  comment: Schema.NullOr(Schema.String),
  columns: Schema.Array(Schema.Struct({
    name: Schema.String,
    type: Schema.String,
    required: Schema.Boolean,
    /** Has a default, or makes its values itself. */
    filled: Schema.Boolean,
    collation: Schema.NullOr(Schema.String),
    comment: Schema.NullOr(Schema.String),
  })),
  key: Schema.Array(Schema.String),
  /** Valid indexes on whole columns of all rows. */
  indexes: Schema.Array(Schema.Struct({ unique: Schema.Boolean, columns: Schema.Array(Schema.String) })),
});
export type Relation = typeof Relation.Type;

const indexColumns = `(select json_agg(a.attname order by k.place)
  from unnest(i.indkey::smallint[]) with ordinality k(number, place)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
  where k.place <= i.indnkeyatts)`;

/** Answers one JSON text for the relation of this name that statements would find; null when there is none. */
export const relationSql = (name: string): string =>
  `select (select json_build_object(
    'kind', c.relkind,
    'comment', obj_description(c.oid, 'pg_class'),
    'columns', (select coalesce(json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'required', a.attnotnull,
        'filled', a.atthasdef or a.attidentity <> '',
        'collation', (select l.collname from pg_collation l where l.oid = a.attcollation),
        'comment', col_description(c.oid, a.attnum)
      ) order by a.attnum), '[]')
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    'key', coalesce((select ${indexColumns} from pg_index i where i.indrelid = c.oid and i.indisprimary), '[]'),
    'indexes', (select coalesce(json_agg(json_build_object('unique', i.indisunique, 'columns', ${indexColumns})), '[]')
      from pg_index i
      where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indexprs is null)
  ) from pg_class c where c.oid = to_regclass(${literal(identifier(name))}))::text`;

const decodeRelation = Schema.decodeUnknownEffect(Schema.fromJsonString(Relation));

/** Reads the answer to `relationSql`. */
export const readRelation = (answer: string | null): Effect.Effect<Relation | undefined, DatabaseError> =>
  answer === null
    ? Effect.succeed(undefined)
    : Effect.mapError(decodeRelation(answer), () => failure("schema", "the catalogs make no sense"));

export const columnSql = (name: string, { nullable, type }: Dataset.Column): string =>
  `${identifier(name)} ${sqlTypes[type]}${type === "text" ? ` collate "C"` : ""}${
    nullable ? "" : " not null"
  }`;

/** A name of at most 63 bytes that tells the same columns from others. */
export const indexName = (table: string, { columns, unique }: Dataset.Index): string => {
  const plain = `${table}_${columns.join("_")}_${unique === true ? "key" : "idx"}`;
  if (bytesOf(plain) <= 63) return plain;
  let hash = 0x811c9dc5;
  for (let i = 0; i < plain.length; i++) hash = Math.imul(hash ^ plain.charCodeAt(i), 0x01000193);
  let begin = plain.slice(0, 50);
  while (bytesOf(begin) > 50 || !begin.isWellFormed()) begin = begin.slice(0, -1);
  return `${begin}_${(hash >>> 0).toString(36).padStart(7, "0")}`;
};

const indexSql = (table: string, index: Dataset.Index): string =>
  `create ${index.unique === true ? "unique " : ""}index ${identifier(indexName(table, index))}
   on ${identifier(table)} (${identifiers(index.columns)})`;

/** Text is stored in the order of its bytes: the same on every machine, and faster to compare. */
export const createTable = (dataset: Dataset.Dataset): ReadonlyArray<string> => {
  const { columns, indexes, key, name } = dataset;
  return [
    `create table ${identifier(name)} (${
      Object.entries(columns).map(([column, definition]) => columnSql(column, definition)).join(", ")
    }, primary key (${identifiers(key)}))`,
    ...indexes.map((index) => indexSql(name, index)),
    ...describeSql(dataset, identifier(name)),
  ];
};

export const isMissing = (relation: Relation, index: Dataset.Index): boolean =>
  !relation.indexes.some(({ columns, unique }) =>
    columns.join() === index.columns.join() && (unique || index.unique !== true)
  );

/** Indexes and descriptions that the table lacks. */
export const completeTable = (dataset: Dataset.Dataset, relation: Relation): ReadonlyArray<string> => [
  ...dataset.indexes.filter((index) => isMissing(relation, index)).map((index) =>
    indexSql(dataset.name, index)
  ),
  ...describeSql(dataset, identifier(dataset.name), relation),
];
