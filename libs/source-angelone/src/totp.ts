import { Redacted, Result } from "effect";
import { createGuardrails, generateSync, ScureBase32Plugin } from "otplib";

/** Seconds that one code is good for. */
const PERIOD = 30;

/** Secrets of 16 letters are in use, which is less than otplib asks for. */
const MIN_BYTES = 10;

const guardrails = createGuardrails({ MIN_SECRET_BYTES: MIN_BYTES });

const base32 = new ScureBase32Plugin();

/** The key that codes are made of. */
export type TotpKey = Redacted.Redacted<Uint8Array>;

/** Reads a secret as it is shown to people: base32, in any case, perhaps in groups. Says what is wrong with it. */
export const keyOf = (secret: Redacted.Redacted<string>): Result.Result<TotpKey, string> => {
  const letters = Redacted.value(secret).replace(/[\s-]/g, "").replace(/=+$/, "").toUpperCase();
  if (/^\d{6}$/.test(letters)) {
    return Result.fail("it is a code; what is needed is the secret that codes are made of");
  }
  if (!/^[A-Z2-7]+$/.test(letters)) return Result.fail("it holds characters other than A to Z and 2 to 7");
  const bytes = Result.try(() => base32.decode(letters));
  if (Result.isFailure(bytes)) return Result.fail("it is not whole base32: a letter is missing or too many");
  return bytes.success.length < MIN_BYTES
    ? Result.fail("it is too short: a secret has 16 letters or more")
    : Result.succeed(Redacted.make(bytes.success));
};

/** Number of the period that holds the instant (epoch ms); each has one code. */
export const stepOf = (instant: number): number => Math.floor(instant / (PERIOD * 1_000));

/** Epoch ms at which a period begins. */
export const stepStart = (step: number): number => step * PERIOD * 1_000;

/** The code of six digits of a period. */
export const codeOf = (key: TotpKey, step: number): Redacted.Redacted<string> =>
  Redacted.make(
    generateSync({ secret: Redacted.value(key), epoch: step * PERIOD, period: PERIOD, guardrails }),
  );
