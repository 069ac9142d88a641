import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatStamp, nextSixInIndia, parseStamp } from "./stamp.ts";

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

  it("takes only stamps that exist: any that it reads is written back the same", () => {
    const digits = (length: number) =>
      fc.array(fc.constantFrom(..."0123456789"), { minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        fc.constantFrom("1999", "2000", "2020", "2100"),
        fc.tuple(digits(2), digits(2), digits(2), digits(2), digits(2)),
        (year, parts) => {
          const [month, day, hour, minute, second] = parts.map((part) => part.join(""));
          const stamp = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
          const instant = parseStamp(`${stamp}+05:30`);
          const isReal = !Number.isNaN(Date.parse(`${stamp.replace(" ", "T")}Z`)) &&
            new Date(`${stamp.replace(" ", "T")}Z`).toISOString().startsWith(
              `${year}-${month}-${day}T${hour}`,
            );
          if (isReal) expect(formatStamp(instant)).toBe(stamp);
          else expect(instant).toBeNaN();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("ends a session at the next 06:00 in India", () => {
    const at = (stamp: string) => Date.parse(`${stamp}+05:30`);
    expect(nextSixInIndia(at("2026-01-09T05:59:59"))).toBe(at("2026-01-09T06:00:00"));
    expect(nextSixInIndia(at("2026-01-09T06:00:00"))).toBe(at("2026-01-10T06:00:00"));
    expect(nextSixInIndia(at("2026-01-09T23:30:00"))).toBe(at("2026-01-10T06:00:00"));
    expect(nextSixInIndia(at("2026-01-10T00:30:00"))).toBe(at("2026-01-10T06:00:00"));
  });
});
