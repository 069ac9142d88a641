import { PluginError } from "@candlewick/core";
import { Effect } from "effect";
import { expect } from "vitest";

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
