import { Result, Schema } from "effect";
import { describe, expect, it } from "vitest";
import { decodeScript, parseScript } from "./read-script.ts";
import { type FaultRule, FaultScript, KINDS } from "./script.ts";

const problems = (value: unknown): ReadonlyArray<string> => {
  const decoded = decodeScript("faults.json", value);
  return Result.isFailure(decoded) ? decoded.failure.split("\n") : [];
};

const rule = (of: Readonly<Record<string, unknown>>) => problems({ rules: [of] });

const EVERY_KIND: ReadonlyArray<FaultRule> = [
  { fault: "rate-limit", retryAfter: 3 },
  { fault: "unavailable", status: 502, body: "html" },
  { fault: "html", route: "session" },
  { fault: "malformed-json", token: 408065 },
  { fault: "cut-gzip", keep: 0.9 },
  { fault: "cut-content", route: "instruments" },
  { fault: "cut-body", interval: "60minute" },
  { fault: "reset", nth: 3, times: "always" },
  { fault: "hang", seconds: 0.5 },
  { fault: "drip", pieces: 3, milliseconds: 1 },
  { fault: "slow", milliseconds: 250 },
  { fault: "token-death", nth: 7 },
  { fault: "wrong-instrument", symbol: "NSE:M&M" },
  { fault: "out-of-range", side: "after" },
  { fault: "out-of-order", chance: 0.5 },
  { fault: "duplicated", nth: 2, times: 4 },
  { fault: "empty" },
  { fault: "short-row" },
  { fault: "any", chance: 0.1, of: ["reset", "empty"] },
  { fault: "split", symbol: "NSE:INFY", exDate: "2025-06-02", ratio: 5 },
  { fault: "bonus", token: 408065, exDate: "2025-06-02", ratio: 1.5, nth: 9 },
  { fault: "adjust", symbol: "NSE:INFY", exDate: "2025-06-02", factor: 0.93 },
  { fault: "correction", symbol: "NSE:INFY", day: "2025-06-02", time: "09:15", set: { close: 1.05 } },
  { fault: "missing-day", day: "2025-01-09", times: 24 },
];

describe("a fault script", () => {
  it("may hold rules of every kind", () => {
    expect(EVERY_KIND.map(({ fault }) => fault)).toEqual(Object.keys(KINDS));
    const script = { seed: 7, rules: EVERY_KIND };
    expect(decodeScript("faults.json", script)).toEqual(Result.succeed(script));
    expect(Schema.decodeUnknownSync(FaultScript)(script, { onExcessProperty: "error" })).toEqual(script);
  });

  it("that is wrong is told by file, rule and key, all at once", () => {
    expect(problems({
      rules: [
        { fault: "rate-limit", retryafter: 1 },
        { fault: "reset" },
        { fault: "slow", nth: 0, chance: 2 },
        { fault: "explode" },
        {},
      ],
    })).toEqual([
      "faults.json: rule 1 (rate-limit): retryafter: there is no such key",
      "faults.json: rule 3 (slow): nth: Expected a value greater than or equal to 1",
      "faults.json: rule 3 (slow): chance: Expected a value between 0 and 1",
      expect.stringMatching(
        /^faults\.json: rule 4 \(explode\): fault: expected one of rate-limit, unavailable,/,
      ),
      expect.stringMatching(/^faults\.json: rule 5: fault: expected one of/),
    ]);
  });

  it("has no other keys, and is an object with rules", () => {
    expect(problems({ rule: [] })).toEqual([
      "faults.json: rule: there is no such key",
      "faults.json: rules: Missing key",
    ]);
    expect(problems({ seed: -1, rules: [] })).toEqual([
      "faults.json: seed: Expected a value between 0 and 4294967295",
    ]);
    expect(problems([])[0]).toContain("faults.json: ");
    expect(problems({ rules: ["reset"] })[0]).toContain("faults.json: rules.0: ");
  });

  it("names instruments, days and values that make sense", () => {
    expect(rule({ fault: "reset", token: 1, symbol: "NSE:INFY" })[0]).toMatch(/token or symbol, not both$/);
    expect(rule({ fault: "reset", symbol: "INFY" })[0]).toContain("(reset): symbol: ");
    expect(rule({ fault: "reset", interval: "hour" })[0]).toContain("(reset): interval: ");
    expect(rule({ fault: "split", exDate: "2025-06-02", ratio: 2 })).toEqual([
      "faults.json: rule 1 (split): needs a symbol or a token",
    ]);
    expect(rule({ fault: "split", token: 1, exDate: "2025-02-29", ratio: 0, chance: 1 })).toEqual([
      "faults.json: rule 1 (split): chance: there is no such key",
      'faults.json: rule 1 (split): exDate: "2025-02-29" is not a date, expected yyyy-mm-dd',
      "faults.json: rule 1 (split): ratio: Expected a value greater than 0",
    ]);
    expect(rule({ fault: "correction", token: 1, day: "2025-06-02", set: {} })).toEqual([
      "faults.json: rule 1 (correction): set: changes nothing",
    ]);
    expect(rule({ fault: "correction", token: 1, day: "2025-06-02", set: { colour: 1 } })[0]).toContain(
      "set.colour: there is no such key",
    );
  });

  it("is read from JSON, and what is none says so", () => {
    expect(parseScript("faults.json", '{"rules":[{"fault":"reset"}]}')).toEqual(
      Result.succeed({ rules: [{ fault: "reset" }] }),
    );
    const broken = parseScript("faults.json", "{");
    expect(Result.isFailure(broken) && broken.failure).toMatch(/^faults\.json: not JSON: /);
  });
});
