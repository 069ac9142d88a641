import { Setting } from "@candlewick/core";
import { Redacted, Result } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromValues } from "./Layers.ts";
import { type Layer, resolve } from "./Resolve.ts";

const settings = {
  needed: Setting.text({ description: "What is needed" }),
  count: Setting.int({ description: "How many", default: 3, min: 1 }),
  secret: Setting.secret({ description: "A secret" }),
};
const ways = (key: string) => `give ${key}`;

describe("resolving", () => {
  it("takes each value from the first place that has it, and says from where", () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ needed: fc.string({ minLength: 1 }), count: fc.integer({ min: 1 }) }, {
          requiredKeys: [],
        })),
        (places) => {
          const layers = places.map((values, index) => fromValues(values, `place ${index}`));
          const resolved = resolve(settings, layers, ways);
          const first = (key: "needed" | "count") => places.findIndex((values) => key in values);
          if (first("needed") < 0) {
            expect(resolved).toEqual(Result.fail(['"needed" is missing (What is needed): give needed']));
            return;
          }
          const { values, origins, defaulted } = Result.getOrThrow(resolved);
          expect(values.needed).toBe(places[first("needed")]!.needed);
          expect(values.count).toBe(first("count") < 0 ? 3 : places[first("count")]!.count);
          expect(origins).toEqual({
            needed: `place ${first("needed")}: needed`,
            ...(first("count") < 0 ? {} : { count: `place ${first("count")}: count` }),
          });
          expect(defaulted).toEqual(first("count") < 0 ? ["count", "secret"] : ["secret"]);
        },
      ),
      { numRuns: 300 },
    ));

  it("does not look for a good value behind a wrong one", () => {
    const layers = [fromValues({ count: "many" }, "flag"), fromValues({ count: 4, needed: "x" }, "file")];
    expect(resolve(settings, layers, ways)).toEqual(
      Result.fail(['flag: count: expected a whole number of at least 1, got "many"']),
    );
  });

  it("names all problems at once, in the order of the settings", () => {
    const broken: Layer = (key) => key === "secret" ? { problem: "the file is broken" } : undefined;
    expect(resolve(settings, [broken, fromValues({ count: 0 }, "flag")], ways)).toEqual(Result.fail([
      '"needed" is missing (What is needed): give needed',
      "flag: count: expected a whole number of at least 1, got 0",
      "the file is broken",
    ]));
  });

  it("shuts a secret away, and shows nothing of a wrong one", () => {
    const resolved = resolve(settings, [fromValues({ needed: "x", secret: "sesame" }, "file")], ways);
    const { secret } = Result.getOrThrow(resolved).values;
    expect(Redacted.isRedacted(secret) && Redacted.value(secret)).toBe("sesame");
    expect(Deno.inspect(resolved, { depth: 9 })).not.toContain("sesame");
    const wrong = resolve(settings, [fromValues({ needed: "x", secret: ["sesame"] }, "file")], ways);
    expect(wrong).toEqual(Result.fail(["file: secret: expected some text, got something else"]));
  });
});
