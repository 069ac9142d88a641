import { PluginError } from "@candlewick/core";
import { oneLine, rateLimited } from "@candlewick/vendor-http";

/** How to come by a session; ends every message that a login would cure. */
export const LOG_IN = "log in with `nx run runner:login`, or set KITE_ACCESS_TOKEN to today's token";

/** An answer other than the data asked for. */
export interface Refusal {
  /** `GET /user/profile`: no query, no secret. */
  readonly request: string;
  readonly status: number;
  /** `error_type` of Kite's error envelope, where the body was one. */
  readonly errorType?: string | undefined;
  /** What the vendor says, or a few words on the body where it is not Kite's envelope. */
  readonly message?: string | undefined;
  /** How long to stay away, milliseconds, where Kite says so. */
  readonly retryAfter?: number | undefined;
}

const describe = (refusal: Refusal): string => {
  const what = refusal.errorType === undefined
    ? `${refusal.status}`
    : `${refusal.status} ${refusal.errorType}`;
  const said = oneLine(refusal.message ?? "");
  return `${refusal.request}: ${said === "" ? what : `${what}: ${said}`}`;
};

/** Missing or malformed credentials, and a secret that is not the app's, come as an InputException, status 400. */
const isAboutCredentials = (message: string | undefined): boolean =>
  /api_key|access_token|authorization|checksum/i.test(message ?? "");

const hintFor = (refusal: Refusal): string => {
  switch (refusal.errorType) {
    case "PermissionException":
      return "this API key may not do that: check its subscription and add-ons at https://developers.kite.trade";
    case "UserException":
      return "the account is not in order: open https://kite.zerodha.com and see what it asks for";
    case undefined:
      return `the answer is not Kite's own (a proxy or firewall?); check KITE_ROOT, then ${LOG_IN}`;
    default:
      return LOG_IN;
  }
};

/**
 * What an answer means for the run, by HTTP status first and `error_type` second: 429 comes as a
 * NetworkException, and an answer with status 200 may hold an error envelope.
 */
export const classify = (refusal: Refusal): PluginError.Reason => {
  const { status, errorType } = refusal;
  const message = describe(refusal);
  if (status === 429) return rateLimited(message, refusal.retryAfter);
  if (status >= 500 || status === 408) return new PluginError.Unavailable({ message });
  const isRefused = status === 401 || status === 403 || errorType === "TokenException" ||
    errorType === "PermissionException" || errorType === "UserException" ||
    (errorType === "InputException" && isAboutCredentials(refusal.message));
  if (isRefused) return new PluginError.Unauthorized({ message, hint: hintFor(refusal) });
  if (status >= 400 || errorType === "InputException") return new PluginError.Invalid({ message });
  if (errorType !== undefined) return new PluginError.Unavailable({ message });
  // A redirect, a 204, a 206: whatever it is, it is not the whole of what was asked for.
  return new PluginError.Corrupt({ message });
};

/** Kite's errors under their reason: which plugin, doing what. */
export const failed = (operation: string) => (reason: PluginError.Reason): PluginError.PluginError =>
  new PluginError.PluginError({ plugin: "kite", operation, reason });
