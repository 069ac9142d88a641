import { PluginError } from "@candlewick/core";
import { Redacted, Result } from "effect";
import type { Account } from "./login.ts";
import type { AngelOneSettings } from "./settings.ts";
import { keyOf } from "./totp.ts";

/** How to come by the credentials. */
export const HOW_TO_LOG_IN = "create an app at https://smartapi.angelone.in, enable TOTP at " +
  "https://smartapi.angelone.in/enable-totp, then set ANGELONE_API_KEY, ANGELONE_CLIENT_CODE, ANGELONE_PIN and " +
  "ANGELONE_TOTP_SECRET";

/** Fit for a header. */
const PLAIN = /^[\x21-\x7e]+$/;

const names = {
  apiKey: "ANGELONE_API_KEY",
  clientCode: "ANGELONE_CLIENT_CODE",
  pin: "ANGELONE_PIN",
  totpSecret: "ANGELONE_TOTP_SECRET",
} as const;

/** The account in the settings; refused here when no login could succeed with it, so that none is tried. */
export const accountOf = (
  settings: Pick<AngelOneSettings, keyof typeof names>,
): Result.Result<Account, PluginError.Unauthorized> => {
  const refuse = (message: string, hint: string) =>
    Result.fail(new PluginError.Unauthorized({ message, hint }));
  const { apiKey, clientCode, pin, totpSecret } = settings;
  if (apiKey === undefined || clientCode === undefined || pin === undefined || totpSecret === undefined) {
    const missing = Object.entries(names)
      .filter(([key]) => settings[key as keyof typeof names] === undefined)
      .map(([, name]) => name);
    return refuse(`${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set`, HOW_TO_LOG_IN);
  }
  if (!PLAIN.test(Redacted.value(apiKey))) {
    return refuse("the API key holds blanks or characters that no key has", `copy ${names.apiKey} again`);
  }
  const totp = keyOf(totpSecret);
  if (Result.isFailure(totp)) {
    return refuse(
      `${names.totpSecret} cannot be used: ${totp.failure}`,
      `set ${names.totpSecret} to the secret shown below the QR code at https://smartapi.angelone.in/enable-totp`,
    );
  }
  return Result.succeed({ clientCode, pin, totp: totp.success });
};
