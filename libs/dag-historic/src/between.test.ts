import { RangeSet } from "@candlewick/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { between } from "./between.ts";
import { candle } from "./testing/setting.ts";

it("has exactly the candles of the ranges, oldest first", () => {
  const instant = fc.integer({ min: 0, max: 60 });
  fc.assert(fc.property(
    fc.uniqueArray(instant),
    fc.array(fc.record({ from: instant, to: instant }), { maxLength: 4 }),
    (times, some) => {
      const candles = times.sort((a, b) => a - b).map((ts) => candle(ts));
      const ranges = RangeSet.fromRanges(some);
      expect(between(candles, ranges)).toEqual(candles.filter(({ ts }) => RangeSet.contains(ranges, ts)));
    },
  ));
});
