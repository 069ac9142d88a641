/** What the sandbox would send if nothing goes wrong: a whole answer, with its body already encoded. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The `error_type` values of Kite's error envelope that the sandbox uses. */
export type ErrorType =
  | "TokenException"
  | "InputException"
  | "DataException"
  | "NetworkException"
  | "GeneralException";

const encoder = new TextEncoder();

export const answer = (status: number, contentType: string, body: string | Uint8Array): Answer => ({
  status,
  headers: { "content-type": contentType },
  body: typeof body === "string" ? encoder.encode(body) : body,
});

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
