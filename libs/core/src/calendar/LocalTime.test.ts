import { describe, expect, it } from "@effect/vitest";
import { DateTime } from "effect";
import * as fc from "fast-check";
import { localTime } from "./LocalTime.ts";

const two = (number: number) => String(number).padStart(2, "0");

describe("localTime", () => {
  it.each(["Asia/Kolkata", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"])(
    "is the instant that clocks in %s show, clock changes included",
    (timeZone) => {
      const instant = localTime(timeZone);
      fc.assert(
        fc.property(
          fc.date({ min: new Date("1990-01-01"), max: new Date("2030-12-31"), noInvalidDate: true }),
          fc.integer({ min: 0, max: 23 }),
          fc.integer({ min: 0, max: 59 }),
          (date, hour, minute) => {
            const day = date.toISOString().slice(0, 10);
            const time = `${two(hour)}:${two(minute)}`;
            expect(instant(day, time)).toBe(
              DateTime.toEpochMillis(
                DateTime.makeZonedUnsafe(`${day}T${time}:00`, { timeZone, adjustForTimeZone: true }),
              ),
            );
          },
        ),
        { numRuns: 400 },
      );
    },
  );
});
