import { Schema } from "effect";

/**
 * The vendor asks for fewer requests. Recovery: wait `retryAfter` milliseconds (or the source's cool-down),
 * slow down, try again; not counted as a failed try.
 */
export class RateLimited extends Schema.TaggedError<RateLimited>("candlewick/RateLimited")("RateLimited", {
  message: Schema.String,
  retryAfter: Schema.optionalKey(Schema.Finite),
}) {}

/** The other side is away or slow. Recovery: exponential back-off with jitter, a bounded number of tries. */
export class Unavailable extends Schema.TaggedError<Unavailable>("candlewick/Unavailable")("Unavailable", {
  message: Schema.String,
}) {}

/**
 * Credentials are missing, wrong or expired. Recovery: stop the run at once, keep all progress, tell the user
 * how to log in (`hint`).
 */
export class Unauthorized
  extends Schema.TaggedError<Unauthorized>("candlewick/Unauthorized")("Unauthorized", {
    message: Schema.String,
    hint: Schema.String,
  }) {}

/** A request that will never be accepted. Recovery: fail this unit, go on with the rest. */
export class Invalid extends Schema.TaggedError<Invalid>("candlewick/Invalid")("Invalid", {
  message: Schema.String,
}) {}

/**
 * An answer that cannot be trusted: truncated, malformed, of the wrong shape. Recovery: as Unavailable, then
 * fail this unit; no part of it is stored.
 */
export class Corrupt extends Schema.TaggedError<Corrupt>("candlewick/Corrupt")("Corrupt", {
  message: Schema.String,
}) {}

/**
 * The store refused or is away; everything of the failed operation was rolled back. Recovery by `fault`:
 *
 * - `connection`: try again; when it persists the run ends, for no other unit would fare better
 * - `conflict` (deadlock, serialization, lock timeout): try again, then fail this unit
 * - `constraint`, `schema`: fail this unit; the message names the row or the column
 * - `capacity` (disk full, out of memory): the run ends
 * - `damage` (the store's own files cannot be read as they were written): the run ends
 */
export class Store extends Schema.TaggedError<Store>("candlewick/Store")("Store", {
  message: Schema.String,
  fault: Schema.Literals(["connection", "conflict", "constraint", "schema", "capacity", "damage"]),
}) {}

export const Reason = Schema.Union([RateLimited, Unavailable, Unauthorized, Invalid, Corrupt, Store]);
export type Reason = typeof Reason.Type;

/**
 * The one error of sources and sinks: who failed at what, and a reason that says how to recover. Messages are
 * for users and carry no secret.
 */
export class PluginError extends Schema.TaggedError<PluginError>("candlewick/PluginError")("PluginError", {
  /** Plugin id: `kite`, `postgres`. */
  plugin: Schema.String,
  /** What was being done: `candles of NSE:INFY 2024-01-01 to 2024-03-01`. */
  operation: Schema.String,
  reason: Reason,
}) {
  override get message(): string {
    return `${this.plugin}: ${this.operation}: ${this.reason.message}`;
  }
}

export const isPluginError = Schema.is(PluginError);

/** Whether trying the same thing again may succeed. */
export const isRetryable = (reason: Reason): boolean => {
  switch (reason._tag) {
    case "RateLimited":
    case "Unavailable":
    case "Corrupt":
      return true;
    case "Store":
      return reason.fault === "connection" || reason.fault === "conflict";
    case "Unauthorized":
    case "Invalid":
      return false;
  }
};

/** Whether every other unit of work would fail the same way, so that the run should end. */
export const isFatal = (reason: Reason): boolean =>
  reason._tag === "Unauthorized" ||
  (reason._tag === "Store" && ["connection", "capacity", "damage"].includes(reason.fault));
