import type { Keeper } from "@candlewick/core";
import { Result, Schema } from "effect";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatasetRecord } from "./records.ts";

/** What a backup says of itself; it lies beside the rows as `manifest.json`. */
export const Manifest = Schema.Struct({
  format: Schema.Literal(1),
  /** Epoch ms. */
  madeAt: Schema.Int,
  /** Version of PostgreSQL. */
  server: Schema.String,
  /** The store it is of, for people. */
  location: Schema.String,
  /** By name. */
  tables: Schema.Array(Schema.Struct({
    definition: DatasetRecord,
    /** All columns that hold data, those too that the dataset does not describe, in the order of the rows' values. */
    columns: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.String })),
    rows: Schema.Int,
    /** Of the file. */
    bytes: Schema.Int,
    sha256: Schema.String,
  })),
});
export type Manifest = typeof Manifest.Type;
export type BackedUpTable = Manifest["tables"][number];

export const MANIFEST = "manifest.json";

/** The time of a backup; of those of one second the later have a number. */
export const nameOf = (madeAt: number, ordinal: number): string =>
  `${new Date(madeAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z` +
  (ordinal === 0 ? "" : `-${String(ordinal + 1).padStart(2, "0")}`);

export const isName = (name: string): boolean => /^\d{8}T\d{6}Z(-\d{2})?$/.test(name);

/** The file of the rows of a table. Other datasets than core's may have names that are none for files. */
export const fileOf = (table: string, ordinal: number): string =>
  `${String(ordinal + 1).padStart(3, "0")}-${table.replaceAll(/[^a-z0-9_]/g, "-")}.copy.zst`;

const sumOf = (body: unknown): string => createHash("sha256").update(JSON.stringify(body)).digest("hex");

/** The text of the file, with a sum of itself. */
export const seal = (manifest: Manifest): string =>
  `${JSON.stringify({ sha256: sumOf(manifest), ...manifest }, null, 2)}\n`;

const decode = Schema.decodeUnknownResult(Manifest);

/** Reads the text of the file; fails with what is wrong with it. */
export const unseal = (text: string): Result.Result<Manifest, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return Result.fail(`${MANIFEST} is no JSON`);
  }
  if (typeof parsed !== "object" || parsed === null || !("sha256" in parsed)) {
    return Result.fail(`${MANIFEST} is none of a backup`);
  }
  const { sha256, ...body } = parsed;
  if (sumOf(body) !== sha256) return Result.fail(`${MANIFEST} was changed, for its sum is another`);
  return Result.mapError(decode(body), () => `${MANIFEST} is of another version of Candlewick`);
};

export const backupOf = (folder: string, name: string, { madeAt, tables }: Manifest): Keeper.Backup => ({
  name,
  path: join(folder, name),
  madeAt,
  bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
  tables: Object.fromEntries(tables.map(({ definition, rows }) => [definition.name, rows])),
});
