import { Schema } from "effect";

/** Why a sandbox could not start: no such folder, no such date, a port in use. */
export class SandboxError extends Schema.TaggedError<SandboxError>()("SandboxError", {
  message: Schema.String,
  cause: Schema.optional(Schema.Unknown),
}) {}
