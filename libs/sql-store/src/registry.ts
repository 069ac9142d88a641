import type { Dataset } from "@candlewick/core";
import { Schema } from "effect";

/** The table in which a sink notes what it made in a database, and for what datasets. */
export const REGISTRY = "candlewick_datasets";

/** What is noted of a column. */
export const columnFields = {
  type: Schema.Literals(["int32", "int64", "decimal", "text", "boolean", "date", "timestamp", "json"]),
  nullable: Schema.Boolean,
  bookkeeping: Schema.Boolean,
  description: Schema.String,
};

/** What is noted of a dataset besides its columns. */
export const datasetFields = {
  description: Schema.String,
  key: Schema.Array(Schema.String),
  indexes: Schema.Array(
    Schema.Struct({ columns: Schema.Array(Schema.String), unique: Schema.optionalKey(Schema.Boolean) }),
  ),
  timeSeries: Schema.optionalKey(
    Schema.Struct({ time: Schema.String, segmentBy: Schema.Array(Schema.String) }),
  ),
};

// No text of a database holds half a character.
const described = (description: string): string => description.toWellFormed();

export const columnFieldsOf = ({ bookkeeping, description, nullable, type }: Dataset.Column) => ({
  type,
  nullable,
  bookkeeping,
  description: described(description),
});

export const datasetFieldsOf = ({ description, indexes, key, timeSeries }: Dataset.Dataset) => ({
  description: described(description),
  key,
  indexes: indexes.map(({ columns, unique }) => unique === undefined ? { columns } : { columns, unique }),
  ...(timeSeries === undefined ? {} : { timeSeries }),
});
