import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, named, number } from "./Text.ts";

describe("numbers", () => {
  it("stand exactly, with separators", () => {
    expect(number(64_363)).toBe("64,363");
    expect(number(0)).toBe("0");
    expect(number(-1_234.0025)).toBe("-1,234.0025");
  });

  it("lose no digit", () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => {
      expect(Number(number(value).replaceAll(",", ""))).toBe(value);
    }));
  });
});

it.each(
  [
    [0, undefined, "0 holes"],
    [1, undefined, "1 hole"],
    [1_200, undefined, "1,200 holes"],
    [1, "holes each", "1 hole"],
    [2, "holes each", "2 holes each"],
  ] as const,
)("counts %d: %s", (n, many, text) => expect(count(n, "hole", many)).toBe(text));

it("names the first few and counts the others", () => {
  expect(named([])).toBe("");
  expect(named(["a", "b", "c", "d", "e"])).toBe("a, b, c, d, e");
  expect(named(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
  expect(named(Array.from({ length: 1_235 }, (_, i) => `${i}`), 2)).toBe("0, 1 and 1,233 more");
});
