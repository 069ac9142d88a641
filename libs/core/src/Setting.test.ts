import { describe, expect, it } from "@effect/vitest";
import { Redacted, Result } from "effect";
import * as fc from "fast-check";
import * as Setting from "./Setting.ts";

const description = "what it is for";

const value = <T>(setting: Setting.Setting<T>, input: unknown): T => {
  const result = Setting.decode(setting, input);
  return Result.isSuccess(result) ? result.success : expect.unreachable(result.failure);
};

const problem = (setting: Setting.Setting<unknown>, input: unknown): string => {
  const result = Setting.decode(setting, input);
  return Result.isFailure(result) ? result.failure : expect.unreachable(`took ${JSON.stringify(input)}`);
};

/** A setting, inputs it takes with what they mean, and inputs it refuses. */
interface Case<T> {
  readonly name: string;
  readonly setting: Setting.Setting<T>;
  readonly good: ReadonlyArray<readonly [input: unknown, value: T]>;
  readonly bad: ReadonlyArray<unknown>;
}

const of = <T>(one: Case<T>): Case<unknown> => one as unknown as Case<unknown>;

const cases: ReadonlyArray<Case<unknown>> = [
  of({
    name: "text",
    setting: Setting.text({ description }),
    good: [["NSE", "NSE"], [" a b ", " a b "]],
    bad: ["", 5, null, undefined, ["a"]],
  }),
  of({
    name: "optionalText",
    setting: Setting.optionalText({ description }),
    good: [["NSE", "NSE"], [undefined, undefined]],
    bad: ["", 5, null],
  }),
  of({
    name: "int",
    setting: Setting.int({ description, min: 1, max: 100 }),
    good: [[5, 5], ["5", 5], ["100", 100], ["007", 7]],
    bad: [0, 101, "0", "101", 1.5, "1.5", "", " ", "0x10", "1e1", "five", null, true, NaN],
  }),
  of({
    name: "int without bounds",
    setting: Setting.int({ description }),
    good: [
      [-5, -5],
      ["-5", -5],
      [String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
      [String(Number.MIN_SAFE_INTEGER), Number.MIN_SAFE_INTEGER],
    ],
    bad: ["9007199254740992", 2 ** 53, Infinity, "99999999999999999999"],
  }),
  of({
    name: "flag",
    setting: Setting.flag({ description }),
    good: [[true, true], [false, false], ["true", true], ["false", false]],
    bad: ["yes", "", 1, null, "TRUE"],
  }),
  of({
    name: "literal",
    setting: Setting.literal(["day", "minute"], { description }),
    good: [["day", "day"], ["minute", "minute"]],
    bad: ["week", "", "Day", 1, null],
  }),
  of({
    name: "list",
    setting: Setting.list({ description }),
    good: [
      [["NSE", "BSE"], ["NSE", "BSE"]],
      ["NSE,BSE", ["NSE", "BSE"]],
      [" NSE , BSE ,", ["NSE", "BSE"]],
      ["NSE", ["NSE"]],
      ["", []],
      [[], []],
    ],
    bad: [5, null, [""], [5], { a: 1 }],
  }),
  of({
    name: "symbols",
    setting: Setting.symbols({ description }),
    good: [
      ["NSE:M&M,NSE:BAJAJ-AUTO", ["NSE:M&M", "NSE:BAJAJ-AUTO"]],
      [["NSE:NIFTY 50"], ["NSE:NIFTY 50"]],
      ["", []],
    ],
    bad: ["INFY", "NSE:INFY,TCS", ["NSE:"], 5],
  }),
  of({
    name: "day",
    setting: Setting.day({ description }),
    good: [["1995-01-01", "1995-01-01"], ["2024-02-29", "2024-02-29"]],
    bad: ["2023-02-29", "01-01-1995", "", 19950101, null, undefined],
  }),
  of({
    name: "optionalDay",
    setting: Setting.optionalDay({ description }),
    good: [["1995-01-01", "1995-01-01"], [undefined, undefined]],
    bad: ["2023-02-29", "", null],
  }),
  of({
    name: "duration",
    setting: Setting.duration({ description }),
    good: [
      [0, 0],
      [1_500, 1_500],
      ["250", 250],
      ["250ms", 250],
      ["30s", 30_000],
      ["1.5m", 90_000],
      ["1h", 3_600_000],
    ],
    bad: [-1, "-1s", "", "s", "1 s", "1d", "1e3", "1h30m", NaN, Infinity, null],
  }),
  of({
    name: "url",
    setting: Setting.url({ description }),
    good: [
      ["https://api.kite.trade", "https://api.kite.trade"],
      ["https://api.kite.trade/", "https://api.kite.trade"],
      ["http://127.0.0.1:4000/v3//", "http://127.0.0.1:4000/v3"],
    ],
    bad: [
      "api.kite.trade",
      "ftp://x",
      "",
      "https://",
      "https://x?y=1",
      "https://x#y",
      "https://x ",
      "https://x\n",
      5,
    ],
  }),
];

describe("Setting", () => {
  for (const { bad, good, name, setting } of cases) {
    it(`${name}: takes JSON and text alike`, () => {
      for (const [input, wanted] of good) expect(value(setting, input)).toEqual(wanted);
    });
    it(`${name}: says what it expected, and what it got`, () => {
      for (const input of bad) {
        const message = problem(setting, input);
        expect(message).toContain(setting.expected);
        if (typeof input === "string") {
          expect(message).toContain(JSON.stringify(input).slice(1, -1).slice(0, 5));
        }
      }
    });
  }

  it("int says its bounds", () => {
    expect(Setting.int({ description, min: 1 }).expected).toBe("a whole number of at least 1");
    expect(Setting.int({ description, max: 9 }).expected).toBe("a whole number of at most 9");
    expect(Setting.int({ description, min: 1, max: 9 }).expected).toBe("a whole number from 1 to 9");
  });

  it("int: for any whole number, its text means the same", () =>
    fc.assert(fc.property(fc.maxSafeInteger(), (number) => {
      const setting = Setting.int({ description });
      expect(value(setting, String(number))).toBe(number);
      expect(value(setting, number)).toBe(number);
    })));

  it("list: for any words without commas, text separated by commas means the list", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !text.includes(","));
    fc.assert(fc.property(fc.array(word), (words) => {
      expect(value(Setting.list({ description }), words.join(","))).toEqual(words);
    }));
  });

  describe("secret", () => {
    const secret = Setting.secret({ description, env: "KITE_API_SECRET" });

    it("is redacted from the moment it is decoded", () =>
      fc.assert(fc.property(fc.string({ minLength: 8 }), (text) => {
        const decoded = value(secret, text)!;
        expect(Redacted.value(decoded)).toBe(text);
        expect(`${String(decoded)} ${JSON.stringify(decoded)}`).not.toContain(text);
      })));

    it("may be absent", () => expect(value(secret, undefined)).toBeUndefined());

    it("is never shown by an error, whatever was given", () =>
      fc.assert(
        fc.property(
          fc.oneof(
            fc.integer({ min: 10_000 }),
            fc.constant(""),
            fc.array(fc.string({ minLength: 8 }), { minLength: 1 }),
          ),
          (given) => {
            const message = problem(secret, given);
            expect(message).toBe("expected some text, got something else");
          },
        ),
      ));

    it("is marked for those who document settings", () => {
      expect(secret).toMatchObject({
        secret: true,
        env: "KITE_API_SECRET",
        description,
        placeholder: "SECRET",
      });
      expect(Setting.text({ description }).secret).toBe(false);
    });
  });

  it("knows its default, and that a required one has none", () => {
    expect(Setting.int({ description, default: 3 }).fallback).toBe(3);
    expect(Setting.flag({ description }).fallback).toBe(false);
    expect(Setting.list({ description }).fallback).toEqual([]);
    expect("fallback" in Setting.text({ description })).toBe(false);
    expect("fallback" in Setting.optionalText({ description })).toBe(true);
  });

  it("a length of time shows as a user would write it, and means the same", () => {
    const duration = Setting.duration({ description, default: 0 });
    expect([0, 250, 1_000, 90_000, 7_200_000].map((millis) => duration.show!(millis))).toEqual(
      ["0ms", "250ms", "1s", "90s", "2h"],
    );
    fc.assert(fc.property(fc.nat(), (millis) => {
      expect(Setting.decode(duration, duration.show!(millis))).toEqual(Result.succeed(millis));
    }));
  });
});
