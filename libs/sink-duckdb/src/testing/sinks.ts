import { PluginError } from "@candlewick/core";
import { afterAll, expect } from "@effect/vitest";
import { Effect } from "effect";
import { open } from "../database/Database.ts";
import * as DuckdbSink from "../DuckdbSink.ts";
import { defaults } from "../settings.ts";
import { fileIn } from "./files.ts";

/** A sink on a file that all tests of a test file share; each opens and closes it. */
export const sharedSink = () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "candlewick-duckdb-" }));
  afterAll(() => Deno.removeSync(folder, { recursive: true }));
  return Effect.map(open(fileIn(folder), defaults), DuckdbSink.make);
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
