import { Result } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonText } from "./JsonText.ts";

const failure = (text: string) => {
  const result = parseJsonText(text);
  return Result.isFailure(result) ? result.failure : "none";
};

describe("JSON text", () => {
  it.each([
    ["", "line 1, column 1: expected a value"],
    ["\n\n  ", "line 3, column 3: expected a value"],
    ["{", "line 1, column 2: expected a key in double quotes or }"],
    ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3: expected , or }"],
    ['{\n  "a": 1,\n}', "line 3, column 1: expected a key in double quotes"],
    ['{"a" 1}', "line 1, column 6: expected :"],
    ['{"a": }', "line 1, column 7: expected a value"],
    ['{"a": sesame}', "line 1, column 7: expected a value"],
    ["{a: 1}", "line 1, column 2: expected a key in double quotes or }"],
    ["{'a': 1}", "line 1, column 2: expected a key in double quotes or }"],
    ["[1 2]", "line 1, column 4: expected , or ]"],
    ["[1,]", "line 1, column 4: expected a value"],
    ["[}", "line 1, column 2: expected a value or ]"],
    ['{"a": [1}', "line 1, column 9: expected , or ]"],
    ['{"a": "x', "line 1, column 7: expected a value"],
    ['{"a": 1}}', "line 1, column 9: expected nothing more"],
    ["// note\n{}", "line 1, column 1: expected a value"],
    ["{} // note", "line 1, column 4: expected nothing more"],
    ["[01]", "line 1, column 3: expected , or ]"],
    ['["a\tb"]', "line 1, column 2: expected a value or ]"],
    ["\u00a0{}", "line 1, column 1: expected a value"],
  ])("%j fails at %s", (text, told) => expect(failure(text)).toBe(told));

  it("is read as JSON.parse reads it", () =>
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJsonText(text)).toEqual(Result.succeed(JSON.parse(text)));
      }),
      { numRuns: 300 },
    ));

  it("that was damaged ends in a place inside it, and nothing of it is shown", () =>
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: fc.constantFrom("Q", "Z", " ") }),
        fc.nat(),
        fc.constantFrom("", "Q", "{", "]", ",", '"', ":", "\n"),
        fc.nat(3),
        (value, seed, put, taken) => {
          const whole = JSON.stringify(value, null, 1);
          const at = seed % (whole.length + 1);
          const text = whole.slice(0, at) + put + whole.slice(at + taken);
          const told = failure(text);
          if (told === "none") return;
          const [, line, column] = /^line (\d+), column (\d+): expected [^QZ]+$/.exec(told) ?? [];
          const lines = text.split("\n");
          expect(Number(line)).toBeLessThanOrEqual(lines.length);
          expect(Number(column)).toBeLessThanOrEqual(lines[Number(line) - 1]!.length + 1);
        },
      ),
      { numRuns: 2_000 },
    ));
});
