import fc from "fast-check";
import { expect, it } from "vitest";
import { limiter } from "./rate-limits.ts";

const LIMITS = {
  historical: [{ requests: 3, windowMillis: 10 }, { requests: 7, windowMillis: 60 }, {
    requests: 12,
    windowMillis: 400,
  }],
};

it("a request passes exactly when it is within all limits of its kind, each of which counts every arrival", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 80 }), (gaps) => {
      const admit = limiter(LIMITS);
      const arrivals: Array<number> = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const isWithin = LIMITS.historical.every(({ requests, windowMillis }) =>
          arrivals.filter((at) => now - at < windowMillis).length < requests
        );
        expect(admit("historical", "key", now)).toBe(isWithin);
        expect(admit("instruments", "key", now)).toBe(true);
        arrivals.push(now);
      }
    }),
    { numRuns: 300 },
  );
});
