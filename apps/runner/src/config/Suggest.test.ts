import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, distance, nearest } from "./Suggest.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "-"), maxLength: 8 });

describe("the distance of two words", () => {
  it.each([
    ["", "", 0],
    ["dag", "dag", 0],
    ["", "dag", 3],
    ["dag", "dags", 1],
    ["dag", "bag", 1],
    ["dag", "dga", 1],
    ["interval", "intreval", 1],
    ["from", "form", 1],
    ["symbols", "smybosl", 2],
    ["kitten", "sitting", 3],
  ])("%s and %s: %i", (left, right, away) => {
    expect(distance(left, right)).toBe(away);
  });

  it("is 0 for the same word only, the same both ways, and never more than the longer word", () =>
    fc.assert(
      fc.property(word, word, (left, right) => {
        const away = distance(left, right);
        expect(away === 0).toBe(left === right);
        expect(away).toBe(distance(right, left));
        expect(away).toBeLessThanOrEqual(Math.max(left.length, right.length));
        expect(away).toBeGreaterThanOrEqual(Math.abs(left.length - right.length));
      }),
      { numRuns: 500 },
    ));

  it("is 1 for a slip of one letter: put in, left out, wrong, or swapped with its neighbour", () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 2 }),
        fc.nat(),
        (letters, seed) => {
          const at = seed % (letters.length - 1);
          const text = letters.join("");
          const slips = [
            letters.toSpliced(at, 0, "x"),
            letters.toSpliced(at, 1),
            letters.toSpliced(at, 1, "x"),
            letters.toSpliced(at, 2, letters[at + 1]!, letters[at]!),
          ];
          for (const slip of slips) expect(distance(text, slip.join(""))).toBe(1);
        },
      ),
      { numRuns: 200 },
    ));
});

describe("the word that was meant", () => {
  const known = ["dag", "list", "source", "sink", "dry-run", "batch-size", "instrument-types", "interval"];

  it.each([
    ["dga", "dag"],
    ["soruce", "source"],
    ["dryrun", "dry-run"],
    ["batch_size", "batch-size"],
    ["batchSize", "batch-size"],
    ["BATCH-SIZE", "batch-size"],
    ["instruments-type", "instrument-types"],
    ["inter", "interval"],
  ])("by %s is %s", (given, meant) => expect(nearest(given, known)).toBe(meant));

  it.each(["", "x", "in", "tomorrow", "concurrency"])("by %j is none", (given) => {
    expect(nearest(given, known)).toBeUndefined();
    expect(didYouMean(given, known)).toBe("");
  });

  it("is told as a question", () => expect(didYouMean("dga", known)).toBe('; did you mean "dag"?'));

  it("is the word itself where it is known", () =>
    fc.assert(
      fc.property(fc.constantFrom(...known), (name) => {
        expect(nearest(name, known)).toBe(name);
      }),
      { numRuns: 100 },
    ));
});
