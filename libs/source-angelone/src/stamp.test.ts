import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMinute, lacksOffset, minutesOf } from "./stamp.ts";

const MINUTE = 60_000;

describe("times", () => {
  it("are written in Indian time, to the minute", () => {
    expect(formatMinute(Date.parse("2023-09-06T05:45:59Z"))).toBe("2023-09-06 11:15");
    expect(formatMinute(Date.parse("2023-09-06T18:30:00Z"))).toBe("2023-09-07 00:00");
  });

  it("of a span hold every minute that begins inside it, and no other", () => {
    fc.assert(fc.property(fc.nat(10 * MINUTE), fc.nat(10 * MINUTE), (from, length) => {
      const to = from + length;
      const inside = Array.from({ length: 30 }, (_, minute) => minute * MINUTE)
        .filter((minute) => minute >= from && minute < to);
      const expected = inside.length === 0 ? undefined : { first: inside[0], last: inside.at(-1) };
      expect(minutesOf({ from, to })).toEqual(expected);
    }));
  });

  it.each([
    ["2023-09-06T11:15:00", true],
    ["2023-09-06 11:15", true],
    ["2023-09-06T11:15:00+05:30", false],
    ["6 September", false],
    [null, false],
  ])("%j lacks its zone: %s", (stamp, lacks) => {
    expect(lacksOffset(stamp)).toBe(lacks);
  });
});
