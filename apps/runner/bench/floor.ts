import type { Sink } from "@candlewick/core";
import { Effect, type Scope } from "effect";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderOf } from "../e2e/workspace.ts";
import * as Psql from "./psql.ts";

/** What a floor is taken with: the store's own client, which runs scripts in its own words. */
export interface Floor {
  readonly name: string;
  readonly run: (script: string) => Effect.Effect<void, Error>;
  /** Runs a script and tells the milliseconds that took. */
  readonly time: (script: string) => Effect.Effect<number, Error>;
}

/** Stores that are measured, by id. */
export type StoreId = "postgres" | "duckdb";

interface DuckDb {
  readonly DuckDBInstance: {
    readonly create: (path: string) => Promise<{
      readonly connect: () => Promise<{
        readonly run: (script: string) => Promise<unknown>;
        readonly closeSync: () => void;
      }>;
      readonly closeSync: () => void;
    }>;
  };
}

const failure = (cause: unknown) => cause instanceof Error ? cause : new Error(String(cause));

/** DuckDB on a file of its own, with the library that the sink brings: the sink has its file to itself. */
const duckdb = (directory: string): Effect.Effect<Floor, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const entry = createRequire(join(folderOf("sink", "duckdb"), "package.json")).resolve("@duckdb/node-api");
    const { DuckDBInstance }: DuckDb = yield* Effect.promise(() => import(pathToFileURL(entry).href));
    const instance = yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => DuckDBInstance.create(join(directory, "floor.duckdb")),
        catch: failure,
      }),
      (open) => Effect.sync(() => open.closeSync()),
    );
    const connection = yield* Effect.acquireRelease(
      Effect.tryPromise({ try: () => instance.connect(), catch: failure }),
      (open) => Effect.sync(() => open.closeSync()),
    );
    const run = (script: string) =>
      Effect.asVoid(Effect.tryPromise({ try: () => connection.run(script), catch: failure }));
    return {
      name: "DuckDB",
      run,
      time: (script) =>
        Effect.gen(function* () {
          const began = performance.now();
          yield* run(script);
          return performance.now() - began;
        }),
    };
  });

/** The floor beside a sink; undefined where its client is not on this machine. */
export const floorOf = (
  store: StoreId,
  sink: Sink.Sink["Service"],
  directory: string,
): Effect.Effect<Floor | undefined, Error, Scope.Scope> =>
  store === "duckdb" ? duckdb(directory) : Effect.map(
    Psql.connect(Psql.urlIn(sink.location)),
    (psql) =>
      psql === undefined
        ? undefined
        : { ...psql, name: "psql", run: (script) => Effect.asVoid(psql.run(script)) },
  );
