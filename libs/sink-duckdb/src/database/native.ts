import { Effect } from "effect";
import { type DatabaseError, failure } from "../DatabaseError.ts";

/** DuckDB's client. Values and types of its API come from here and not from an import, which would load it. */
export type Native = typeof import("@duckdb/node-api");

/** Loads DuckDB, a native library, when a database is first opened. */
export const native: Effect.Effect<Native, DatabaseError> = Effect.tryPromise({
  try: () => import("@duckdb/node-api"),
  catch: (cause) =>
    failure(
      "schema",
      `the native library of DuckDB cannot be loaded on this machine (${Deno.build.target}): ` +
        (cause instanceof Error ? cause.message : String(cause)),
    ),
});
