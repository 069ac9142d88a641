import { describe, expect, it } from "vitest";
import { inBothZones } from "./Validity.ts";

const SIX = Date.parse("2026-01-10T06:00:00+05:30");

describe("the end of a login", () => {
  it.each([
    ["UTC", "Sat, 10 Jan 2026, 06:00 Asia/Kolkata (Sat, 10 Jan 2026, 00:30 UTC)"],
    ["America/New_York", "Sat, 10 Jan 2026, 06:00 Asia/Kolkata (Fri, 9 Jan 2026, 19:30 America/New_York)"],
    ["Asia/Kolkata", "Sat, 10 Jan 2026, 06:00 Asia/Kolkata"],
    ["Asia/Colombo", "Sat, 10 Jan 2026, 06:00 Asia/Kolkata"],
  ])("is told in market time and in that of %s where it differs", (local, text) => {
    expect(inBothZones(SIX, "Asia/Kolkata", local)).toBe(text);
  });

  it("at midnight is 00:00", () => {
    expect(inBothZones(Date.parse("2026-01-10T00:00:00+05:30"), "Asia/Kolkata", "Asia/Kolkata"))
      .toBe("Sat, 10 Jan 2026, 00:00 Asia/Kolkata");
  });
});
