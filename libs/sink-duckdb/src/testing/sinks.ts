import { PluginError } from "@candlewick/core";
import { afterAll, expect } from "@effect/vitest";
import { Effect } from "effect";
import { open } from "../database/Database.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn, folder } from "./files.ts";

/** A sink on a file that all tests of a test file share; each opens and closes it. */
export const sharedSink = () => {
  const shared = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "candlewick-duckdb-" }));
  afterAll(() => Deno.removeSync(shared, { recursive: true }));
  return Effect.map(open(fileIn(shared), defaults), DuckdbSink.make);
};

/** The failure of an operation, which must be the sink's with this fault. */
export const storeFailure = Effect.fnUntraced(function* <A, R>(
  operation: Effect.Effect<A, unknown, R>,
  fault: PluginError.Store["fault"],
) {
  const error = yield* Effect.flip(operation);
  if (!PluginError.isPluginError(error) || error.reason._tag !== "Store") {
    return expect.unreachable(`expected a failure of the store, got ${String(error)}`);
  }
  expect(error.reason.fault, error.message).toBe(fault);
  return error;
});

/** A sink on a file of a test's own, and SQL past the sink. */
export const freshFile = Effect.gen(function* () {
  const database = yield* open(fileIn(yield* folder), defaults);
  const connection = yield* database.connect;
  return {
    sink: DuckdbSink.make(database),
    sql: (text: string) => connection.query(text),
  };
});
