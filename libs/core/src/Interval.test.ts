import { expect, it } from "@effect/vitest";
import { intervals, millis } from "./Interval.ts";

it("Interval.millis: longer names are longer candles, each a whole number of minutes", () => {
  const lengths = intervals.map(millis);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  expect(lengths.map((length) => length / 60_000)).toEqual([1, 3, 5, 10, 15, 30, 60, 1_440]);
});
