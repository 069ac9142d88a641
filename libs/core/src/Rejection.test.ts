import { describe, expect, it } from "@effect/vitest";
import * as fc from "fast-check";
import { digest } from "./Rejection.ts";

describe("Rejection.digest", () => {
  it("for any text: 14 hex digits, the same each time", () =>
    fc.assert(fc.property(fc.string({ unit: "binary" }), (raw) => {
      expect(digest(raw)).toMatch(/^[0-9a-f]{14}$/);
      expect(digest(raw)).toBe(digest(raw));
    })));

  it("stays what it was: stored keys depend on it", () => {
    expect(digest("")).toBe("0bdcb81aee8d83");
  });

  it("tells records apart that differ in one character", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) seen.add(digest(`2024-01-01T09:15:00+0530,${i},10,9,11`));
    expect(seen.size).toBe(100_000);
  });
});
