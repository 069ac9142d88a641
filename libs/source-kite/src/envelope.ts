import { PluginError } from "@candlewick/core";
import { type Refusal, sketch } from "@candlewick/vendor-http";
import { Result, Schema } from "effect";
import { classify } from "./errors.ts";

/** Every JSON answer: data, or an error. */
const Envelope = Schema.Struct({
  status: Schema.String,
  data: Schema.optionalKey(Schema.Unknown),
  message: Schema.optionalKey(Schema.NullOr(Schema.String)),
  error_type: Schema.optionalKey(Schema.NullOr(Schema.String)),
});

const decodeEnvelope = Schema.decodeUnknownResult(Envelope);

const parse = (body: string): Result.Result<typeof Envelope.Type, string> => {
  const json = Result.try(() => JSON.parse(body) as unknown);
  if (Result.isFailure(json)) return Result.fail(sketch(body));
  const envelope = decodeEnvelope(json.success);
  return Result.isFailure(envelope) ? Result.fail(sketch(body)) : Result.succeed(envelope.success);
};

/** The refusal that a body spells out. */
export const refusalOf = (
  answer: Pick<Refusal, "request" | "status" | "retryAfter">,
  body: string,
): Refusal => {
  const envelope = parse(body);
  if (Result.isFailure(envelope)) return { ...answer, message: envelope.failure };
  return {
    ...answer,
    code: envelope.success.error_type ?? undefined,
    message: envelope.success.message ?? undefined,
  };
};

/**
 * The `data` of an answer with status 200. An error envelope is what its `error_type` says; anything but an
 * envelope is corrupt.
 */
export const dataOf = (request: string, body: string): Result.Result<unknown, PluginError.Reason> => {
  const envelope = parse(body);
  if (Result.isFailure(envelope)) {
    return Result.fail(
      new PluginError.Corrupt({ message: `${request}: ${envelope.failure} instead of Kite's JSON` }),
    );
  }
  const { status, data } = envelope.success;
  if (status === "success" && data !== undefined && data !== null) return Result.succeed(data);
  if (status === "success") {
    return Result.fail(new PluginError.Corrupt({ message: `${request}: an answer without data` }));
  }
  return Result.fail(classify(refusalOf({ request, status: 200 }, body)));
};
