import { Dataset } from "@candlewick/core";
import {
  columnFields,
  columnFieldsOf,
  datasetFields,
  datasetFieldsOf,
  literal,
  REGISTRY,
} from "@candlewick/sql-store";
import { Effect, Schema } from "effect";
import { awaiting, type Connection } from "../connection/Connection.ts";
import { type DatabaseError, failure } from "../DatabaseError.ts";

/*
 * What the sink made in this database, so that upkeep touches that and nothing else: the table candlewick_datasets,
 * written in the transactions that define.
 */

/** A dataset as it is kept; columns in a list, for `jsonb` keeps no order of keys. */
export const DatasetRecord = Schema.Struct({
  kind: Schema.Literal("table"),
  name: Schema.String,
  ...datasetFields,
  columns: Schema.Array(Schema.Struct({ name: Schema.String, ...columnFields })),
});
export type DatasetRecord = typeof DatasetRecord.Type;

const ViewRecord = Schema.Struct({
  kind: Schema.Literal("view"),
  name: Schema.String,
  /** Names of the datasets it is over. */
  over: Schema.Array(Schema.String),
});
export type ViewRecord = typeof ViewRecord.Type;

const Record = Schema.Union([DatasetRecord, ViewRecord]);
export type Record = typeof Record.Type;

export const recordOf = (definition: Dataset.Dataset | Dataset.View): Record =>
  "base" in definition
    ? { kind: "view", name: definition.name, over: [definition.base.name, definition.joined.name] }
    : {
      kind: "table",
      name: definition.name,
      ...datasetFieldsOf(definition),
      columns: Object.entries(definition.columns).map(([name, column]) => ({
        name,
        ...columnFieldsOf(column),
      })),
    };

export const datasetOf = (record: DatasetRecord): Dataset.Dataset => ({
  name: record.name,
  description: record.description,
  columns: Object.fromEntries(record.columns.map(({ name, ...column }) => [name, column])),
  key: record.key,
  indexes: record.indexes,
  ...(record.timeSeries === undefined ? {} : { timeSeries: record.timeSeries }),
});

const ask = (connection: Connection, statement: string) =>
  awaiting(connection, () => connection.query(statement));

const createSql = [
  `create table ${REGISTRY} (name text collate "C" primary key, definition jsonb not null)`,
  `comment on table ${REGISTRY} is 'What Candlewick made in this database'`,
];

const jsonOf = (record: Record): string => `${literal(JSON.stringify(record))}::jsonb`;

export const writeSql = (record: Record): string =>
  `insert into ${REGISTRY} (name, definition) values (${literal(record.name)}, ${jsonOf(record)})
   on conflict (name) do update set definition = excluded.definition`;

/** Whether the table is there, and whether it may be made or written. */
const permissionsSql = `select to_regclass('${REGISTRY}') is not null,
  current_setting('transaction_read_only') = 'off' and case when to_regclass('${REGISTRY}') is null
    then coalesce(has_schema_privilege(current_schema(), 'create'), false)
    else has_table_privilege(to_regclass('${REGISTRY}'), 'insert') and has_table_privilege(to_regclass('${REGISTRY}'), 'update')
  end`;

/** The statements that record a definition; none where it stands, or where the user may only read. */
export const missingRecord = Effect.fnUntraced(function* (
  connection: Connection,
  definition: Dataset.Dataset | Dataset.View,
): Effect.fn.Return<ReadonlyArray<string>, DatabaseError> {
  const record = recordOf(definition);
  const [isThere, isWritable] = (yield* ask(connection, permissionsSql)).rows[0]!;
  if (isWritable !== "t") return [];
  if (isThere !== "t") return [...createSql, writeSql(record)];
  const { rows } = yield* ask(
    connection,
    `select from ${REGISTRY} where name = ${literal(record.name)} and definition = ${jsonOf(record)}`,
  );
  return rows.length === 0 ? [writeSql(record)] : [];
});

/** The statements that make these the only records. */
export const replaceRecords = (isThere: boolean, records: ReadonlyArray<Record>): ReadonlyArray<string> => [
  ...(isThere ? [`delete from ${REGISTRY}`] : createSql),
  ...records.map(writeSql),
];

export interface Records {
  /** Whether the table of records is there. */
  readonly isThere: boolean;
  /** Datasets whose tables are there, by name. */
  readonly tables: ReadonlyArray<DatasetRecord>;
  /** Views that are there. */
  readonly views: ReadonlyArray<ViewRecord>;
}

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Record));

/** What was recorded and is still there. */
export const readRecords = Effect.fnUntraced(function* (
  connection: Connection,
): Effect.fn.Return<Records, DatabaseError> {
  const [isThere, isOlder] = (yield* ask(
    connection,
    `select to_regclass('${REGISTRY}') is not null, to_regclass('candlewick_runs') is not null`,
  ))
    .rows[0]!;
  if (isThere !== "t") {
    if (isOlder === "t") {
      yield* Effect.logWarning(
        "the tables of this database are of an earlier version: a run makes them known here",
      );
    }
    return { isThere: false, tables: [], views: [] };
  }
  const { rows } = yield* ask(
    connection,
    `select r.definition::text from ${REGISTRY} r join pg_class c on c.oid = to_regclass(quote_ident(r.name))
     where c.relkind = any (case r.definition ->> 'kind' when 'view' then '{v}' else '{r,p}' end::"char"[])
     order by r.name`,
  );
  const records = yield* Effect.forEach(
    rows,
    ([definition]) =>
      Effect.mapError(
        decode(definition),
        () => failure("schema", `a row of ${REGISTRY} makes no sense: ${definition}`),
      ),
  );
  return {
    isThere: true,
    tables: records.filter((record) => record.kind === "table"),
    views: records.filter((record) => record.kind === "view"),
  };
});
