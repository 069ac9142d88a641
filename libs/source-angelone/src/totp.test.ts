import { Redacted, Result } from "effect";
import { describe, expect, it } from "vitest";
import { codeOf, keyOf, stepOf, stepStart } from "./totp.ts";

/** The key of RFC 6238, `12345678901234567890`. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const codeAt = (secret: string, seconds: number): string =>
  Redacted.value(codeOf(Result.getOrThrow(keyOf(Redacted.make(secret))), stepOf(seconds * 1_000)));

describe("time-based codes", () => {
  // Appendix B of RFC 6238, the last six of its eight digits.
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("are those of the RFC at second %d", (seconds, code) => {
    expect(codeAt(SECRET, seconds)).toBe(code);
  });

  it("last for thirty seconds", () => {
    expect(stepStart(stepOf(59_999))).toBe(30_000);
    expect(codeAt(SECRET, 30)).toBe(codeAt(SECRET, 59));
    expect(codeAt(SECRET, 60)).not.toBe(codeAt(SECRET, 59));
  });

  it.each([
    ["in lower case", SECRET.toLowerCase()],
    ["in groups", "GEZD GNBV GY3T QOJQ gezd-gnbv-gy3t-qojq\n"],
    ["padded", `${SECRET}======`],
  ])("take the secret %s", (_, secret) => {
    expect(codeAt(secret, 59)).toBe("287082");
  });

  it("take the shortest secrets in use", () => {
    expect(codeAt("JBSWY3DPEHPK3PXP", 59)).toMatch(/^\d{6}$/);
  });

  it.each([
    ["123456", "it is a code; what is needed is the secret that codes are made of"],
    ["GEZDGNBVGY3TQOJ1", "it holds characters other than A to Z and 2 to 7"],
    ["", "it holds characters other than A to Z and 2 to 7"],
    ["GEZDGNBVGY3TQOJQG", "it is not whole base32: a letter is missing or too many"],
    ["GEZDGNBV", "it is too short: a secret has 16 letters or more"],
  ])("cannot be made of %j", (secret, fault) => {
    expect(Result.getOrThrow(Result.flip(keyOf(Redacted.make(secret))))).toBe(fault);
  });
});
