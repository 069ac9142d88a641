import { PluginError } from "@candlewick/core";
import { rateLimited, type Refusal, refusalText } from "@candlewick/vendor-http";

/** What a user can do about refused credentials. */
export const CHECK_ACCOUNT =
  "see that ANGELONE_API_KEY, ANGELONE_CLIENT_CODE, ANGELONE_PIN and ANGELONE_TOTP_SECRET belong together and that " +
  "the app is active at https://smartapi.angelone.in";

const NOT_THEIRS =
  "the answer is not Angel One's own (a proxy or firewall, or an address that is shut out?); " +
  "check ANGELONE_ROOT";

/** The session is over: invalid, expired or missing tokens (AG8...), not logged in. */
const SESSION = /^(AG8\d{3}|AB101[01]|AB805[01])$/;

/** The account or its credentials are refused: unknown, blocked, wrong password or PIN, wrong code. */
const ACCOUNT = new Set(["AB1000", "AB1001", "AB1002", "AB1005", "AB1006", "AB1031", "AB1032", "AB1050"]);

/** Input that stays wrong: symbols that are not known, other parameters. */
const INPUT = /^(AB1009|AB1012|AB1018|AB4\d{3})$/;

/** "Something went wrong", "error not specified", "internal error". */
const GENERIC = new Set(["AB1004", "AB2000", "AB2001"]);

/** What a breach of the limits says, in plain text and with status 403. */
export const isBreach = (text: string | undefined): boolean =>
  /exceeding access rate|too many requests/i.test(text ?? "");

/**
 * What an answer means for the run. Codes are those of the vendor's page of exceptions. The generic codes
 * and those that nobody documents are taken for the vendor's own trouble: tried again a few times, after which the
 * unit fails. A 403 without a code that is no breach of
 * limits comes from what stands before the API.
 */
export const classify = (refusal: Refusal): PluginError.Reason => {
  const { code, retryAfter, status } = refusal;
  const message = refusalText(refusal);
  if (status === 429 || isBreach(refusal.message)) return rateLimited(message, retryAfter);
  if (code !== undefined && (SESSION.test(code) || ACCOUNT.has(code))) {
    return new PluginError.Unauthorized({ message, hint: CHECK_ACCOUNT });
  }
  if (status === 401 || status === 403) {
    return new PluginError.Unauthorized({ message, hint: code === undefined ? NOT_THEIRS : CHECK_ACCOUNT });
  }
  if (status >= 500 || status === 408) return new PluginError.Unavailable({ message });
  if (status >= 400 || INPUT.test(code ?? "")) return new PluginError.Invalid({ message });
  // A redirect, a 204, a 206: whatever it is, it is not the whole of what was asked for.
  return status === 200 ? new PluginError.Unavailable({ message }) : new PluginError.Corrupt({ message });
};

/**
 * What a refused login means. Whatever is not clearly the vendor's own trouble counts as refused credentials, for
 * accounts are locked after a few wrong tries: AB1007 and AB1050, which stand for a wrong PIN, a wrong code and an
 * address that is not allowed, and every code that nobody documents.
 */
export const classifyLogin = (refusal: Refusal): PluginError.Reason => {
  const reason = classify(refusal);
  const isRefused = refusal.status === 200 ? !GENERIC.has(refusal.code ?? "") : reason._tag === "Invalid";
  return isRefused && reason._tag !== "RateLimited"
    ? new PluginError.Unauthorized({ message: reason.message, hint: CHECK_ACCOUNT })
    : reason;
};

/** What a refusal of the scrip master means: it is open to everyone, so no login would cure it. */
export const classifyMaster = (refusal: Refusal): PluginError.Reason => {
  const reason = classify(refusal);
  return reason._tag === "Unauthorized" ? new PluginError.Unavailable({ message: reason.message }) : reason;
};

/** Angel One's errors under their reason: which plugin, doing what. */
export const failed = (operation: string) => (reason: PluginError.Reason): PluginError.PluginError =>
  new PluginError.PluginError({ plugin: "angelone", operation, reason });
