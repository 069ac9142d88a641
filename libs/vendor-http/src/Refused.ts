import { PluginError } from "@candlewick/core";

/** An answer with a status other than 200. */
export interface Refused {
  /** `GET /user/profile`: no query, no secret. */
  readonly request: string;
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How the body begins, secrets of the request taken out; empty where it is no text. */
  readonly body: string;
  /** How long to stay away, milliseconds, where the vendor says so (`Retry-After`). */
  readonly retryAfter: number | undefined;
}

/** What a vendor says in an answer other than the data asked for. */
export interface Refusal {
  /** `GET /user/profile`: no query, no secret. */
  readonly request: string;
  readonly status: number;
  /** The vendor's own code or type of error, where the body was the vendor's envelope. */
  readonly code?: string | undefined;
  /** The vendor's words, or a few on the body where it is no envelope. */
  readonly message?: string | undefined;
  /** How long to stay away, milliseconds, where the vendor says so. */
  readonly retryAfter?: number | undefined;
}

/** Milliseconds to wait by a `Retry-After` of seconds or of an HTTP date, `undefined` when it is neither. */
export const retryAfterMillis = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // An HTTP date names its day of the week; Date.parse takes far more than HTTP dates.
  const at = /^[A-Z][a-z]{2},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};

/** A few words on a body that is not what it should be. */
export const sketch = (body: string): string => {
  const start = body.trimStart();
  if (start === "") return "an empty body";
  if (start.startsWith("<")) {
    const title = /<title[^>]*>([^<]{1,80})/i.exec(start)?.[1]?.trim();
    return title === undefined ? "an HTML page" : `an HTML page, "${title}"`;
  }
  return `a body that begins ${JSON.stringify(start.slice(0, 60))}`;
};

const MAX_MESSAGE = 300;

/** What a vendor says, fit for a message: one line, not too long. */
export const oneLine = (said: string): string => said.replace(/\s+/g, " ").trim().slice(0, MAX_MESSAGE);

/** `GET /user/profile: 403 TokenException: Incorrect access_token`. */
export const refusalText = ({ code, message, request, status }: Refusal): string => {
  const what = code === undefined ? `${status}` : `${status} ${code}`;
  const said = oneLine(message ?? "");
  return `${request}: ${said === "" ? what : `${what}: ${said}`}`;
};

/** "Too many requests", with the time to stay away where the vendor names one. */
export const rateLimited = (message: string, retryAfter: number | undefined): PluginError.RateLimited =>
  new PluginError.RateLimited({ message, ...(retryAfter === undefined ? {} : { retryAfter }) });

/**
 * What HTTP itself says of an answer: 429 too many, 401 and 403 credentials refused, 408 and 5xx the vendor's own
 * trouble, any other 4xx a bad request. A redirect, a 204, a 206 is not the whole of what was asked for.
 */
export const byStatus = (
  { body, request, retryAfter, status }: Refused,
  hint: string,
): PluginError.Reason => {
  const message = `${request}: ${status}: ${oneLine(sketch(body))}`;
  if (status === 429) return rateLimited(message, retryAfter);
  if (status === 401 || status === 403) return new PluginError.Unauthorized({ message, hint });
  if (status >= 500 || status === 408) return new PluginError.Unavailable({ message });
  if (status >= 400) return new PluginError.Invalid({ message });
  return new PluginError.Corrupt({ message });
};
