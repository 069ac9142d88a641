import { RangeSet } from "@candlewick/core";
import { describe, expect, it } from "vitest";
import { readRequest, requestViolations } from "./requests.ts";

const day = (text: string) => Date.parse(`${text}T00:00:00+05:30`);
const request = (from: string, to: string) => ({ token: "7", from: day(from), to: day(to) });
const covered = (from: string, to: string) => new Map([["7", RangeSet.of(day(from), day(to))]]);
const none = new Map<string, RangeSet.RangeSet>();

it("a logged request is read as the range it asks for, in Indian time, its end exclusive", () => {
  const query = "from=2025-01-01+00%3A00%3A00&to=2025-03-01+23%3A59%3A59&oi=1";
  expect(readRequest({ parts: ["7", "day"], query })).toEqual(request("2025-01-01", "2025-03-02"));
});

describe("what is wrong with requests", () => {
  it("nothing, for what is missing, with a little of what is there before it", () => {
    const asked = [request("2025-01-01", "2025-03-01"), request("2025-03-01", "2025-05-01")];
    expect(requestViolations(asked, none, false)).toEqual([]);
    expect(requestViolations(asked, covered("2024-01-01", "2025-01-29"), false)).toEqual([]);
  });

  it("nothing, for one candle before what is missing", () => {
    const from = day("2025-01-28");
    const one = { token: "7", from, to: from + 1_000 };
    expect(requestViolations([one], covered("2024-01-01", "2025-01-29"), false)).toEqual([]);
  });

  it("a committed range", () => {
    const asked = [request("2025-01-01", "2025-03-01")];
    expect(requestViolations(asked, covered("2024-01-01", "2025-03-01"), true)).toEqual([
      expect.stringContaining("asked again for a committed range: token 7"),
    ]);
  });

  it("more than an overlap of committed days", () => {
    const asked = [request("2025-01-01", "2025-03-01")];
    expect(requestViolations(asked, covered("2024-01-01", "2025-02-15"), true)).toEqual([
      expect.stringContaining("asked again for 45 committed days"),
    ]);
  });

  it("the same request twice, unless answers go wrong", () => {
    const asked = [request("2025-01-01", "2025-03-01"), request("2025-01-01", "2025-03-01")];
    expect(requestViolations(asked, none, false)).toEqual([
      expect.stringContaining("asked twice in one run"),
    ]);
    expect(requestViolations(asked, none, true)).toEqual([]);
  });
});
