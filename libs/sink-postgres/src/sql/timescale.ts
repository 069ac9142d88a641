import type { Dataset } from "@candlewick/core";
import { identifier, literal } from "@candlewick/sql-store";

/*
 * Statements for TimescaleDB 2.x. https://docs.tigerdata.com/api/latest/hypertable/create_hypertable/ and
 * https://docs.tigerdata.com/api/latest/compression/
 */

/** Daily candles since 1995 make some thirty chunks; a statement over all of them stays cheap to plan. */
export const CHUNK = "1 year";

/** Only chunks whose candles rarely change any more are compressed. */
export const COMPRESS_AFTER = "2 years";

/** From this version on, rows in compressed chunks may be inserted, updated and deleted like others. */
const WRITABLE = [2, 11] as const;

export const canWriteCompressed = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > WRITABLE[0] || (major === WRITABLE[0] && minor >= WRITABLE[1]);
};

/** Answers the versions of the extension: installed in this database, and available to be installed. */
export const versions =
  `select installed_version, default_version from pg_available_extensions where name = 'timescaledb'
   union all select extversion, extversion from pg_extension where extname = 'timescaledb' limit 1`;

/** Without it among the preloaded libraries, installing the extension ends the connection. */
export const isPreloaded =
  `select current_setting('shared_preload_libraries') ~ '(^|[ ,"])timescaledb([ ,"]|$)'`;

export const install = "create extension if not exists timescaledb";

const table = ({ name }: Dataset.Dataset): string => `${literal(identifier(name))}::regclass`;

/** Makes the table a hypertable, its rows included; does nothing when it is one. */
export const createHypertable = (dataset: Dataset.Dataset, { time }: Dataset.TimeSeries): string =>
  `select create_hypertable(${table(dataset)}, ${literal(time)}::name,
     chunk_time_interval => interval ${literal(CHUNK)}, create_default_indexes => false,
     if_not_exists => true, migrate_data => true)`;

/** Answers whether compression was switched on before: one row with one boolean. */
export const isCompressed = (dataset: Dataset.Dataset): string =>
  `select compression_enabled from timescaledb_information.hypertables
   where hypertable_schema = current_schema() and hypertable_name = ${literal(dataset.name)}`;

/** Rows of one segment are compressed together, in the order of the key. */
export const compress = (
  dataset: Dataset.Dataset,
  { segmentBy, time }: Dataset.TimeSeries,
): ReadonlyArray<string> => [
  `alter table ${identifier(dataset.name)} set (timescaledb.compress,
     timescaledb.compress_segmentby = ${literal(segmentBy.map(identifier).join(", "))},
     timescaledb.compress_orderby = ${literal(identifier(time))})`,
  `select add_compression_policy(${table(dataset)}, compress_after => interval ${literal(COMPRESS_AFTER)},
     if_not_exists => true)`,
];
