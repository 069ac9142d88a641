import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import * as RangeSet from "./RangeSet.ts";

/** The model: a set of instants, each a small whole number. */
const instants = (set: RangeSet.RangeSet): ReadonlySet<number> => {
  const found = new Set<number>();
  for (const { from, to } of set) for (let at = from; at < to; at++) found.add(at);
  return found;
};

const range = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -3, max: 12 }))
  .map(([from, length]): RangeSet.Range => ({ from, to: from + length }));
const ranges = fc.array(range, { maxLength: 8 });
const sets = ranges.map(RangeSet.fromRanges);

const sorted = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => a - b);

/** Sorted, disjoint, not touching, none empty: the one form of each set. */
const expectCanonical = (set: RangeSet.RangeSet) => {
  for (const [i, { from, to }] of set.entries()) {
    expect(from).toBeLessThan(to);
    if (i > 0) expect(from).toBeGreaterThan(set[i - 1]!.to);
  }
};

const agrees = (set: RangeSet.RangeSet, model: ReadonlySet<number>) => {
  expectCanonical(set);
  expect(sorted(instants(set))).toEqual(sorted(model));
};

describe("RangeSet agrees with sets of instants", () => {
  it("fromRanges: any ranges in any order", () =>
    fc.assert(fc.property(ranges, (given) => agrees(RangeSet.fromRanges(given), instants(given)))));

  it("of", () =>
    fc.assert(fc.property(range, ({ from, to }) => agrees(RangeSet.of(from, to), instants([{ from, to }])))));

  it("union", () =>
    fc.assert(
      fc.property(sets, sets, (left, right) =>
        agrees(RangeSet.union(left, right), instants(left).union(instants(right)))),
    ));

  it("difference", () =>
    fc.assert(
      fc.property(sets, sets, (left, right) =>
        agrees(RangeSet.difference(left, right), instants(left).difference(instants(right)))),
      { numRuns: 1_000 },
    ));

  it("intersection", () =>
    fc.assert(
      fc.property(sets, sets, (left, right) =>
        agrees(RangeSet.intersection(left, right), instants(left).intersection(instants(right)))),
      { numRuns: 1_000 },
    ));

  it("contains and covers", () =>
    fc.assert(fc.property(sets, sets, fc.integer({ min: -25, max: 35 }), (set, part, instant) => {
      expect(RangeSet.contains(set, instant)).toBe(instants(set).has(instant));
      expect(RangeSet.covers(set, part)).toBe(instants(part).isSubsetOf(instants(set)));
    })));

  it("size", () =>
    fc.assert(fc.property(sets, (set) => {
      expect(RangeSet.size(set)).toBe(instants(set).size);
    })));
});

describe("RangeSet laws", () => {
  it("what is missing and what is covered make up what was asked for", () =>
    fc.assert(fc.property(sets, sets, (asked, covered) => {
      const missing = RangeSet.difference(asked, covered);
      const there = RangeSet.intersection(asked, covered);
      expect(RangeSet.union(missing, there)).toEqual(asked);
      expect(RangeSet.intersection(missing, covered)).toEqual([]);
    })));

  it("fetching what is missing leaves nothing missing", () =>
    fc.assert(fc.property(sets, sets, (asked, covered) => {
      const after = RangeSet.union(covered, RangeSet.difference(asked, covered));
      expect(RangeSet.covers(after, asked)).toBe(true);
      expect(RangeSet.difference(asked, after)).toEqual([]);
    })));
});

describe("RangeSet.cut", () => {
  it("pieces are at most the length, oldest first, and make up the set", () =>
    fc.assert(fc.property(sets, fc.integer({ min: 1, max: 9 }), (set, length) => {
      const pieces = RangeSet.cut(set, length);
      for (const [i, { from, to }] of pieces.entries()) {
        expect(to - from).toBeGreaterThan(0);
        expect(to - from).toBeLessThanOrEqual(length);
        if (i > 0) expect(from).toBeGreaterThanOrEqual(pieces[i - 1]!.to);
      }
      expect(RangeSet.fromRanges(pieces)).toEqual(set);
    })));

  it("there are no more pieces than needed", () =>
    fc.assert(fc.property(range, fc.integer({ min: 1, max: 9 }), ({ from, to }, length) => {
      expect(RangeSet.cut(RangeSet.of(from, to), length).length).toBe(
        Math.max(0, Math.ceil((to - from) / length)),
      );
    })));

  it("refuses a length that would never end", () => {
    for (const length of [0, -1, NaN]) {
      expect(() => RangeSet.cut([{ from: 0, to: 1 }], length)).toThrow(RangeError);
    }
  });
});
