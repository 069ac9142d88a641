import { expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { addCounts, noWrites } from "./Sink.ts";

it("addCounts: counts of several writes add up in any order", () => {
  const counts = fc.record({ inserted: fc.nat(), updated: fc.nat(), unchanged: fc.nat(), deleted: fc.nat() });
  fc.assert(fc.property(counts, counts, (left, right) => {
    expect(addCounts(left, noWrites)).toEqual(left);
    expect(addCounts(left, right)).toEqual(addCounts(right, left));
    expect(addCounts(left, right).deleted).toBe(left.deleted + right.deleted);
  }));
});
