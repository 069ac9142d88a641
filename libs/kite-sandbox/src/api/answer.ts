import { type Answer, answer } from "@candlewick/pretend-exchange";

/** The `error_type` values of Kite's error envelope that the sandbox uses. */
export type ErrorType =
  | "TokenException"
  | "InputException"
  | "DataException"
  | "NetworkException"
  | "GeneralException";

/** 200 with Kite's envelope around `data`. */
export const success = (data: unknown): Answer =>
  answer(200, "application/json", JSON.stringify({ status: "success", data }));

/** A refusal in Kite's envelope. */
export const refusal = (status: number, errorType: ErrorType, message: string): Answer =>
  answer(
    status,
    "application/json",
    JSON.stringify({ status: "error", message, data: null, error_type: errorType }),
  );

export const badInput = (message: string): Answer => refusal(400, "InputException", message);

export const badToken = (message: string): Answer => refusal(403, "TokenException", message);

/** 429 comes as a NetworkException; clients have to branch on the status. */
export const tooManyRequests = (retryAfterSeconds: number | undefined): Answer => {
  const refused = refusal(429, "NetworkException", "Too many requests");
  return retryAfterSeconds === undefined
    ? refused
    : { ...refused, headers: { ...refused.headers, "retry-after": String(retryAfterSeconds) } };
};
