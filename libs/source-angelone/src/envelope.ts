import { PluginError } from "@candlewick/core";
import { rateLimited, type Refusal, sketch } from "@candlewick/vendor-http";
import { Result, Schema } from "effect";
import { isBreach } from "./errors.ts";

const Text = Schema.optionalKey(Schema.NullOr(Schema.String));

/** Documented as text, sent as a boolean. */
const Verdict = Schema.Union([Schema.Boolean, Schema.Literals(["true", "false"])]);

/** Every JSON answer comes in one of two envelopes: data, or an error. */
const Envelope = Schema.Union([
  Schema.Struct({
    status: Verdict,
    message: Text,
    errorcode: Text,
    data: Schema.optionalKey(Schema.Unknown),
  }),
  Schema.Struct({
    success: Verdict,
    message: Text,
    errorCode: Text,
    data: Schema.optionalKey(Schema.Unknown),
  }),
]);

/** What both say. */
interface Said {
  readonly isGood: boolean;
  readonly message: string | undefined;
  readonly code: string | undefined;
  readonly data: unknown;
}

const decodeEnvelope = Schema.decodeUnknownResult(Envelope);

const parse = (body: string): Said | undefined => {
  const json = Result.try(() => JSON.parse(body) as unknown);
  if (Result.isFailure(json)) return undefined;
  const decoded = decodeEnvelope(json.success);
  if (Result.isFailure(decoded)) return undefined;
  const envelope = decoded.success;
  const [verdict, code] = "status" in envelope
    ? [envelope.status, envelope.errorcode]
    : [envelope.success, envelope.errorCode];
  return {
    isGood: verdict === true || verdict === "true",
    message: envelope.message ?? undefined,
    code: code?.trim() || undefined,
    data: envelope.data,
  };
};

/** The refusal that a body spells out. */
export const refusalOf = (
  { request, retryAfter, status }: Pick<Refusal, "request" | "status" | "retryAfter">,
  body: string,
): Refusal => {
  const said = parse(body);
  const answer = { request, retryAfter, status };
  return said === undefined
    ? { ...answer, message: sketch(body) }
    : { ...answer, code: said.code, message: said.message };
};

/** How an answer is taken. */
export interface Taking {
  readonly classify: (refusal: Refusal) => PluginError.Reason;
  /** It holds tokens, of which no message may quote a piece. */
  readonly isSecret: boolean;
  /** Takes the secrets of the request out of what the vendor says. */
  readonly conceal: (text: string) => string;
}

/**
 * The `data` of an answer with status 200, `undefined` where the envelope has none. An error envelope is what its code says;
 * anything but an envelope is corrupt, but for the plain words of a breach of the limits.
 */
export const dataOf = (
  request: string,
  body: string,
  { classify, conceal, isSecret }: Taking,
): Result.Result<unknown, PluginError.Reason> => {
  const said = parse(body);
  if (said !== undefined) {
    const { code, data, isGood, message } = said;
    return isGood ? Result.succeed(data) : Result.fail(
      classify({ request, status: 200, code, message: message === undefined ? undefined : conceal(message) }),
    );
  }
  if (isBreach(body.slice(0, 200))) {
    return Result.fail(rateLimited(`${request}: too many requests`, undefined));
  }
  const what = isSecret && !body.trimStart().startsWith("<") ? "something" : sketch(conceal(body));
  return Result.fail(new PluginError.Corrupt({ message: `${request}: ${what} instead of Angel One's JSON` }));
};
