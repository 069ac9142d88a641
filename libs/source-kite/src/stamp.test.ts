import { parseStamp } from "@candlewick/vendor-http";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatStamp } from "./stamp.ts";

describe("stamps", () => {
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
});
