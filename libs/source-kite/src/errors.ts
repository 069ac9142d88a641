import { PluginError } from "@candlewick/core";
import { rateLimited, type Refusal, refusalText } from "@candlewick/vendor-http";

/** How to come by a session; ends every message that a login would cure. */
export const LOG_IN = "log in with `nx run runner:login`, or set KITE_ACCESS_TOKEN to today's token";

/** Missing or malformed credentials, and a secret that is not the app's, come as an InputException, status 400. */
const isAboutCredentials = (message: string | undefined): boolean =>
  /api_key|access_token|authorization|checksum/i.test(message ?? "");

const hintFor = (refusal: Refusal): string => {
  switch (refusal.code) {
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
 * What an answer means for the run, by HTTP status first and its code, `error_type`, second: 429 comes as a
 * NetworkException, and an answer with status 200 may hold an error envelope.
 */
export const classify = (refusal: Refusal): PluginError.Reason => {
  const { code, status } = refusal;
  const message = refusalText(refusal);
  if (status === 429) return rateLimited(message, refusal.retryAfter);
  if (status >= 500 || status === 408) return new PluginError.Unavailable({ message });
  const isRefused = status === 401 || status === 403 || code === "TokenException" ||
    code === "PermissionException" || code === "UserException" ||
    (code === "InputException" && isAboutCredentials(refusal.message));
  if (isRefused) return new PluginError.Unauthorized({ message, hint: hintFor(refusal) });
  if (status >= 400 || code === "InputException") return new PluginError.Invalid({ message });
  if (code !== undefined) return new PluginError.Unavailable({ message });
  // A redirect, a 204, a 206: whatever it is, it is not the whole of what was asked for.
  return new PluginError.Corrupt({ message });
};

/** Kite's errors under their reason: which plugin, doing what. */
export const failed = (operation: string) => (reason: PluginError.Reason): PluginError.PluginError =>
  new PluginError.PluginError({ plugin: "kite", operation, reason });
