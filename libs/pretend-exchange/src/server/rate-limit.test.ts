import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SlidingWindow } from "./rate-limit.ts";

describe("a sliding window", () => {
  it("admits a request exactly when fewer than the limit arrived in the window before it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 0, max: 700 })),
        (requests, gaps) => {
          const window = new SlidingWindow({ requests, windowMillis: 1000 });
          const arrivals: Array<number> = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const recent = arrivals.filter((at) => now - at < 1000).length;
            expect(window.admit("key", now)).toBe(recent < requests);
            arrivals.push(now);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("counts each key for itself", () => {
    const window = new SlidingWindow({ requests: 1, windowMillis: 1000 });
    expect([window.admit("a", 0), window.admit("b", 0), window.admit("a", 999), window.admit("a", 1999)])
      .toEqual([
        true,
        true,
        false,
        true,
      ]);
  });
});
