import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStamp } from "./stamp.ts";

const seconds = fc.integer({
  min: Date.parse("1900-01-01T00:00:00Z") / 1_000,
  max: Date.parse("2199-12-31T00:00:00Z") / 1_000,
});

/** The instant as a clock `offset` minutes east of UTC shows it. */
const write = (instant: number, offset: number, colon: string, separator: string): string => {
  const clock = new Date(instant + offset * 60_000).toISOString().slice(0, 19).replace("T", separator);
  const minutes = Math.abs(offset);
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${clock}${offset < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60))}${colon}${
    digits(minutes % 60)
  }`;
};

describe("stamps", () => {
  it("honours the offset, however it is written", () => {
    fc.assert(fc.property(
      seconds,
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      fc.constantFrom("", ":"),
      fc.constantFrom("T", " "),
      (second, offset, colon, separator) => {
        expect(parseStamp(write(second * 1_000, offset, colon, separator))).toBe(second * 1_000);
      },
    ));
  });

  it("reads 09:15 in India as 03:45 UTC", () => {
    expect(parseStamp("2017-12-15T09:15:00+0530")).toBe(Date.UTC(2017, 11, 15, 3, 45));
    expect(parseStamp("2017-12-15T03:45:00Z")).toBe(Date.UTC(2017, 11, 15, 3, 45));
  });

  it.each([
    "2017-12-15T09:15:00",
    "2017-12-15T09:15:00+05",
    "2017-12-15T09:15:00+0530x",
    "2017-12-15T09:15:00+1530",
    "2017-02-29T09:15:00+0530",
    "2017-13-01T09:15:00+0530",
    "2017-00-01T09:15:00+0530",
    "2017-12-15T24:00:00+0530",
    "2017-12-15T09:60:00+0530",
    "0000-12-15T09:15:00+0530",
    "2017/12/15T09:15:00+0530",
    "15-12-2017T09:15:00+0530",
    "",
    1513309500000,
    null,
  ])("has no time for %j", (stamp) => {
    expect(parseStamp(stamp)).toBeNaN();
  });
});
