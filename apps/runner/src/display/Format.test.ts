import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, duration, rate, timeLeft } from "./Format.ts";

describe("duration", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [999.6, "1.0 s"],
    [1_000, "1.0 s"],
    [59_949, "59.9 s"],
    [59_951, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [3_599_400, "59 min 59 s"],
    [3_599_600, "1 h 00 min"],
    [7_620_000, "2 h 07 min"],
  ])("%d ms reads %s", (millis, text) => expect(duration(millis)).toBe(text));
});

describe("time left", () => {
  it.each([[0, "0 s"], [7_100, "8 s"], [60_000, "1 min"], [61_000, "2 min"], [7_200_000, "2 h"], [
    7_800_000,
    "2 h 10 min",
  ]])(
    "%d ms reads %s",
    (millis, text) => expect(timeLeft(millis)).toBe(text),
  );
});

describe("rate", () => {
  it.each([[1_240.4, "1,240/s"], [2.94, "2.9/s"], [0.2, "12/min"], [0.01, "0.6/min"]])(
    "%d reads %s",
    (value, text) => expect(rate(value)).toBe(text),
  );
});

describe("clip", () => {
  it("never exceeds the width, and leaves alone what fits", () => {
    fc.assert(fc.property(fc.string(), fc.nat(50), (text, width) => {
      const clipped = clip(text, width);
      expect(clipped.length).toBeLessThanOrEqual(width);
      if (text.length <= width) expect(clipped).toBe(text);
    }));
  });
});
