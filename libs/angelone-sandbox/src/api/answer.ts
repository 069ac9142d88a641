import { type Answer, answer } from "@candlewick/pretend-exchange";

const JSON_TYPE = "application/json";

/** 200 with the vendor's envelope around `data`. */
export const success = (data: unknown): Answer =>
  answer(200, JSON_TYPE, JSON.stringify({ status: true, message: "SUCCESS", errorcode: "", data }));

/**
 * A refusal by the API itself. It comes with 200: clients have to look inside.
 *
 * @param errorcode as the vendor's documents list them: AB1004 is "something went wrong", whatever it was
 */
export const refusal = (errorcode: `AB${string}`, message: string, status = 200): Answer =>
  answer(status, JSON_TYPE, JSON.stringify({ status: false, message, errorcode, data: null }));

/** A refusal by the gateway before the API, which has an envelope of its own; it comes with 200, too. */
export const turnedAway = (errorCode: `AG${string}`, message: string): Answer =>
  answer(200, JSON_TYPE, JSON.stringify({ success: false, message, errorCode, data: "" }));

export const badInput = (message: string): Answer => refusal("AB1004", message);

/** A breach of a limit is plain text, with 403. */
export const tooManyRequests = (retryAfterSeconds: number | undefined): Answer => {
  const refused = answer(403, "text/plain", "Access denied because of exceeding access rate");
  return retryAfterSeconds === undefined
    ? refused
    : { ...refused, headers: { ...refused.headers, "retry-after": String(retryAfterSeconds) } };
};
