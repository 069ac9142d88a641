import fc from "fast-check";
import { expect, it } from "vitest";
import { Recorder, type RequestRecord } from "./recorder.ts";

const record = (ordinal: number): RequestRecord => ({
  ordinal,
  routeOrdinal: ordinal,
  at: ordinal,
  method: "GET",
  path: "/instruments/historical/257/day",
  query: `page=${ordinal}`,
  route: "historical",
  parts: ["257", "day"],
  apiKey: "key",
  status: 200,
  sent: 200,
  fault: undefined,
});

it("keeps the newest requests whole, in order, and counts those it dropped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 60 }), (keep, count) => {
      const recorder = new Recorder(keep, () => ({ name: "historical", parts: ["257", "day"] }));
      const all = Array.from({ length: count }, (_, i) => record(i + 1));
      for (const one of all) recorder.record(one, 1, false);
      expect(recorder.log()).toEqual(keep === 0 ? [] : all.slice(-keep));
      expect(recorder.stats()).toMatchObject({ requests: count, dropped: Math.max(0, count - keep) });
    }),
    { numRuns: 300 },
  );
});
